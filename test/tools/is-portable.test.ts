import { afterAll, describe, expect, test } from 'vitest'
import { CarrierError } from '../../src/carrier/errors.ts'
import { openStage, stageWith, structured, textOf } from '../support/stage.ts'

const stage = await openStage()
afterAll(() => stage.close())

describe('isPortable', () => {
  test('answers for one number and for many', async () => {
    expect(structured(await stage.call('isPortable', { tn: '(212) 555-0111' }))).toEqual({
      environment: 'sandbox',
      results: [{ tn: '2125550111', portable: true }],
    })
    const { results } = structured(await stage.call('isPortable', { tn: ['2125550111', '3035550111'] }))
    expect((results as { tn: string }[]).map(({ tn }) => tn)).toEqual(['2125550111', '3035550111'])
  })
  test('a no is never without a word, also where the carrier gives none: one’s own number', async () => {
    expect(structured(await stage.call('isPortable', { tn: '4355550150' }))).toEqual({
      environment: 'sandbox',
      results: [
        {
          tn: '4355550150',
          portable: false,
          meaning: 'the carrier says no and gives no reason; queryDID says whether it is yours already',
        },
      ],
    })
  })

  test('a no passes on the carrier’s words, cleaned and quoted', async () => {
    const stage = await stageWith({
      carrier: { isPortable: async (tn) => ({ tn, portable: false, code: 100, message: 'wireless "carrier" <b>' }) },
    })
    const answer = await stage.call('isPortable', { tn: '4355550150' })
    const meaning = 'the carrier says no, and why in its own words'
    expect(structured(answer)).toEqual({
      environment: 'sandbox',
      results: [{ tn: '4355550150', portable: false, meaning, words: 'wireless "carrier" ‹b›' }],
    })
    expect(textOf(answer)).toContain(`4355550150|no|${meaning}|"wireless 'carrier' ‹b›"`)
  })

  test('a number that the carrier cannot judge is its own row, and the others are answered', async () => {
    const stage = await stageWith({
      carrier: {
        async isPortable(tn) {
          if (tn !== '4355550151') return { tn, portable: true, code: 100 }
          throw new CarrierError('rejected', 'refused', { maybeSent: true, code: 944 })
        },
      },
    })
    expect(structured(await stage.call('isPortable', { tn: ['4355550150', '4355550151'] }))).toEqual({
      environment: 'sandbox',
      results: [
        { tn: '4355550150', portable: true },
        { tn: '4355550151', code: 944, meaning: 'invalid number' },
      ],
    })
  })

  test('a carrier that finds nothing is a no, under its code', async () => {
    const stage = await stageWith({
      carrier: { isPortable: async (tn) => ({ tn, portable: false, code: 101 }) },
    })
    expect(structured(await stage.call('isPortable', { tn: '4355550150' }))).toEqual({
      environment: 'sandbox',
      results: [{ tn: '4355550150', portable: false, code: 101, meaning: 'no records found' }],
    })
  })
})
