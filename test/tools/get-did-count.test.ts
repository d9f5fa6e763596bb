import { afterAll, describe, expect, test } from 'vitest'
import { openStage, structured, textOf } from '../support/stage.ts'

const stage = await openStage()
afterAll(() => stage.close())

describe('getDIDCount', () => {
  test('total is the sum of all counts, also of those on later pages, and what getDIDs finds', async () => {
    const first = structured(await stage.call('getDIDCount', { npa: '435', limit: 5 }))
    const rest = structured(await stage.call('getDIDCount', { cursor: first.nextCursor, limit: 500 }))
    const counts = [first, rest].flatMap(({ counts }) => counts as { didCount: number }[])
    expect(counts.reduce((sum, { didCount }) => sum + didCount, 0)).toBe(first.total)
    expect(rest.total).toBe(first.total)
    expect(structured(await stage.call('getDIDs', { npa: '435' })).total).toBe(first.total)
    expect(counts[0]).toEqual({
      didCount: 1,
      rateCenter: 'CEDAR CITY',
      state: 'UT',
      tier: '0',
      lataId: 660,
      cnam: false,
      t38: false,
      sms: true,
    })
  })

  test.each(['RC', 'Tier'])('reads orderby %s in any case', async (orderby) => {
    const answer = await stage.call('getDIDCount', { npa: '435', orderby, limit: 500 })
    const expected = await stage.call('getDIDCount', { npa: '435', orderby: orderby.toLowerCase(), limit: 500 })
    expect(structured(answer).counts).toEqual(structured(expected).counts)
    expect(stage.sandbox.calls.at(-1)?.params?.[0]).toMatchObject({ orderby: orderby.toLowerCase() })
  })

  test('keeps its order over pages', async () => {
    const orderby = 'tier'
    const first = structured(await stage.call('getDIDCount', { npa: '435', orderby, limit: 30 }))
    const rest = structured(await stage.call('getDIDCount', { cursor: first.nextCursor, limit: 500 }))
    const tiers = [first, rest].flatMap(({ counts }) => (counts as { tier: string }[]).map(({ tier }) => Number(tier)))
    expect(tiers).toEqual([...tiers].sort((a, b) => a - b))
    expect(new Set(tiers)).toEqual(new Set([0, 1, 2, 3, 4, 777]))
  })

  test('adds up by a group, the largest first, over pages', async () => {
    const { counts: each } = structured(await stage.call('getDIDCount', { npa: '435', limit: 500 }))
    const sums = new Map<string, number>()
    for (const { didCount, rateCenter } of each as { didCount: number; rateCenter: string }[]) {
      sums.set(rateCenter, (sums.get(rateCenter) ?? 0) + didCount)
    }
    const expected = [...sums]
      .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
      .map(([rateCenter, didCount]) => ({ didCount, state: 'UT', rateCenter }))
    const calls = stage.sandbox.calls.length
    const first = structured(await stage.call('getDIDCount', { npa: '435', groupBy: 'rateCenter', limit: 5 }))
    expect(Object.keys(first)).toEqual(['environment', 'total', 'nextCursor', 'asOf', 'counts'])
    const rest = structured(await stage.call('getDIDCount', { cursor: first.nextCursor, limit: 500 }))
    expect([first, rest].flatMap(({ counts }) => counts)).toEqual(expected)
    expect(first.total).toBe(expected.reduce((sum, { didCount }) => sum + didCount, 0))
    // On the same download.
    expect(stage.sandbox.calls.length).toBe(calls)
  })

  test('refuses an order beside a group, since sums have their own', async () => {
    const answer = await stage.call('getDIDCount', { npa: '435', orderby: 'rc', groupBy: 'state' })
    expect(textOf(answer).split('\n')[0]).toBe(
      'getDIDCount: orderby does not go with groupBy, whose sums stand the largest first: leave one of them out.',
    )
    expect(answer._meta?.['did-mcp/error']).toMatchObject({ code: 'INVALID_INPUT' })
  })

  test('says at the head of its column which caller name is meant', async () => {
    const answer = textOf(await stage.call('getDIDCount', { npa: '435', limit: 1 }))
    expect(answer).toContain(
      'counts (1): didCount|state|rateCenter|tier|lataId|cnam (outbound name available)|t38|sms\n',
    )
  })
})
