import { afterAll, describe, expect, test } from 'vitest'
import type { Carrier, Did } from '../../src/carrier/carrier.ts'
import { CarrierError } from '../../src/carrier/errors.ts'
import { openStage, stageWith, structured, textOf } from '../support/stage.ts'

const stage = await openStage()
afterAll(() => stage.close())

describe('queryDID', () => {
  test('says what each number is, in the order asked', async () => {
    const did = ['4355550190', '4355550150', '(435) 555-0100', '4355550191', '2025551234']
    const { results } = structured(await stage.call('queryDID', { did }))
    expect(results).toEqual([
      {
        tn: '4355550190',
        status: 'taken',
        code: 102235,
        meaning: 'assigned to another company',
        did: expect.anything(),
      },
      {
        tn: '4355550150',
        status: 'yours',
        code: 100,
        meaning: 'assigned to this account',
        did: {
          tn: '4355550150',
          tier: '1',
          refId: 'LOGAN-OFFICE',
          cnamName: 'SANDBOX 435',
          state: 'UT',
          rateCenter: 'VERNAL',
          network: 'Great Lakes Exchange',
          endpointId: 8674,
          has411: false,
          has911: true,
          cnam: true,
          cnamStorageActive: true,
          cnamStorageAvailability: true,
          t38: true,
        },
      },
      {
        tn: '4355550100',
        status: 'available',
        code: 100,
        meaning: 'available to reserve or assign',
        did: expect.anything(),
      },
      {
        tn: '4355550191',
        status: 'taken',
        code: 102230,
        meaning: 'reserved for another company',
        did: expect.anything(),
      },
      { tn: '2025551234', status: 'unknown', code: 102420, meaning: 'no records found' },
    ])
  })

  test('says each thing once; what the carrier says otherwise stays', async () => {
    const facts: Did = {
      tn: '4355550150',
      statusCode: 100,
      availability: 'assigned',
      rewrite: '4355550150',
      status: "Number currently assigned to you with refid 'ours' rewritten as '4355550150' to endpoint '8674'",
      refId: 'ours',
      endpointId: 8674,
      cnam: true,
    }
    const odd = { ...facts, tn: '4355550151', rewrite: '1001', availability: 'Assigned', endpointId: 8675 }
    const stage = await stageWith({
      carrier: { queryDID: async (tn) => ({ tn, code: 100, did: tn === facts.tn ? facts : odd }) },
    })
    const answer = await stage.call('queryDID', { did: [facts.tn, odd.tn] })
    const said = { status: 'yours', code: 100, meaning: 'assigned to this account' }
    const [refId, cnam] = ['ours', true]
    expect(structured(answer).results).toEqual([
      { tn: facts.tn, ...said, did: { tn: facts.tn, refId, endpointId: 8674, cnam } },
      // The sentence names another endpoint group than the field does.
      {
        tn: odd.tn,
        ...said,
        did: { tn: odd.tn, refId, endpointId: 8675, cnam, rewrite: '1001', status: facts.status },
      },
    ])
    expect(textOf(answer)).toMatchInlineSnapshot(`
      "environment: sandbox (nothing here is real)
      results (2): tn|status|code|meaning|endpointId|refId|cnam (inbound dip)|rewrite|did.status
      4355550150|yours|100|assigned to this account|8674|"ours"|yes||
      4355550151|yours|100|assigned to this account|8675|"ours"|yes|1001|"Number currently assigned to you with refid 'ours' rewritten as '4355550150' to endpoint '8674'""
    `)
  })

  test('an answer that cannot be read is the row of its number, and hides no other', async () => {
    stage.sandbox.inject({ name: 'empty', operation: 'queryDID' })
    const { results } = structured(await stage.call('queryDID', { did: ['4355550150', '4355550151'] }))
    const rows = results as { tn: string; status: string; meaning: string }[]
    expect(rows.map(({ tn }) => tn)).toEqual(['4355550150', '4355550151'])
    expect(rows.map(({ status }) => status).sort()).toEqual(['unknown', 'yours'])
    expect(rows.find(({ status }) => status === 'unknown')?.meaning).toMatch(/^The carrier's answer /)
  })

  test('none that can be read is an error', async () => {
    stage.sandbox.inject({ name: 'empty', operation: 'queryDID' })
    const answer = await stage.call('queryDID', { did: '4355550150' })
    expect(answer._meta?.['did-mcp/error']).toMatchObject({ code: 'CARRIER_PROTOCOL', retryable: true })
    expect(answer).not.toHaveProperty('structuredContent')
  })

  test('a number that the carrier refuses is its own row, with the code and the carrier’s words', async () => {
    const stage = await stageWith({ carrier: { queryDID: refusing('4355550151') } })
    const answer = await stage.call('queryDID', { did: ['4355550150', '4355550151', '4355550152'] })
    expect(structured(answer).results).toEqual([
      { tn: '4355550150', status: 'unknown', code: 102420, meaning: 'no records found' },
      {
        tn: '4355550151',
        status: 'unknown',
        code: 944,
        meaning: 'invalid number',
        words: 'not (ours)(http: /x)',
      },
      { tn: '4355550152', status: 'unknown', code: 102420, meaning: 'no records found' },
    ])
    expect(textOf(answer)).toContain('4355550151|unknown|944|invalid number|"not (ours)(http: /x)"')
  })

  test('a carrier that is away is an error: a list with holes would read as an answer', async () => {
    const stage = await stageWith({
      carrier: {
        async queryDID(tn) {
          if (tn === '4355550151') throw new CarrierError('unavailable', 'away', { maybeSent: true, code: 503 })
          return { tn, code: 102420 }
        },
      },
    })
    const answer = await stage.call('queryDID', { did: ['4355550150', '4355550151'] })
    expect(answer._meta?.['did-mcp/error']).toMatchObject({ code: 'CARRIER_UNAVAILABLE', retryable: true })
  })
})

/** Knows no number, and refuses one. */
const refusing =
  (refused: string): Carrier['queryDID'] =>
  async (tn) => {
    if (tn !== refused) return { tn, code: 102420 }
    throw new CarrierError('rejected', 'refused', { maybeSent: true, code: 944, words: 'not [ours](http://x)' })
  }
