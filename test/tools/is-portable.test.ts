import { afterAll, describe, expect, test } from 'vitest'
import { openStage, structured } from '../support/stage.ts'

const stage = await openStage()
afterAll(() => stage.close())

describe('isPortable', () => {
  test('answers for one number and for many', async () => {
    expect(structured(await stage.call('isPortable', { tn: '(212) 555-0111' }))).toEqual({
      results: [{ tn: '2125550111', portable: true }],
    })
    const { results } = structured(await stage.call('isPortable', { tn: ['2125550111', '3035550111'] }))
    expect((results as { tn: string }[]).map(({ tn }) => tn)).toEqual(['2125550111', '3035550111'])
  })
})
