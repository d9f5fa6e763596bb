import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { afterAll, describe, expect, test } from 'vitest'
import type { Did, Listed } from '../../src/carrier/carrier.ts'
import { openStage, stageWith, structured, textOf } from '../support/stage.ts'

let time = Date.parse('2026-11-23T08:00:00Z')
const stage = await openStage({ now: () => time })
afterAll(() => stage.close())

const numbersOf = (result: CallToolResult) => (structured(result).dids as { tn: string }[]).map(({ tn }) => tn)
const audits = () => stage.sandbox.calls.filter(({ operation }) => operation === 'auditDIDs').length

describe('auditDIDs', () => {
  test('answers a summary and the first numbers, brief', async () => {
    const { dids, nextCursor, ...rest } = structured(await stage.call('auditDIDs', { limit: 1 }))
    expect(rest).toEqual({
      environment: 'sandbox',
      total: 25,
      matched: 25,
      summary: {
        byState: { UT: 13, ALL: 3, NY: 3, CA: 2, CO: 2, TX: 2 },
        byTier: { '0': 6, '1': 10, '2': 4, '3': 3, '4': 2 },
        byEndpoint: { '8674': 9, '8675': 8, '13550': 8 },
        byRateCenter: expect.objectContaining({ 'US+CA, ALL': 3, 'NWYRCYZN01, NY': 3 }),
      },
      asOf: '2026-11-23T08:00:00.000Z',
      csv: 'did://account/dids/1.csv',
    })
    expect(dids).toEqual([
      {
        tn: '2125550150',
        tier: '0',
        refId: 'NYC-SALES',
        cnamName: 'SANDBOX 212',
        state: 'NY',
        rateCenter: 'NWYRCYZN01',
        endpointId: 13550,
        has411: false,
        has911: true,
        cnam: true,
        cnamStorageActive: true,
        t38: true,
      },
    ])
    expect(nextCursor).toEqual(expect.any(String))
  })

  test('pages through the account on one download', async () => {
    const before = audits()
    const first = await stage.call('auditDIDs', { limit: 10 })
    const second = await stage.call('auditDIDs', { cursor: structured(first).nextCursor })
    const third = await stage.call('auditDIDs', { cursor: structured(second).nextCursor, limit: 500 })
    const all = [first, second, third].flatMap(numbersOf)
    expect([first, second, third].map((page) => numbersOf(page).length)).toEqual([10, 10, 5])
    expect(all).toEqual(Array.from(stage.sandbox.inventory.owned(), ({ tn }) => tn).sort())
    expect(structured(third)).not.toHaveProperty('nextCursor')
    expect(audits()).toBe(before)
  })

  test('goes on after a write and after the snapshot is gone, by downloading again', async () => {
    const before = audits()
    const first = await stage.call('auditDIDs', { limit: 24 })
    stage.listings.stale()
    const second = await stage.call('auditDIDs', { cursor: structured(first).nextCursor })
    time += 60_000
    const again = await stage.call('auditDIDs', { cursor: structured(first).nextCursor })
    expect(numbersOf(second)).toHaveLength(1)
    expect(numbersOf(again)).toEqual(numbersOf(second))
    expect(structured(again).asOf).toBe('2026-11-23T08:01:00.000Z')
    expect(audits()).toBe(before + 2)
  })

  test('filters, and summarizes what passes', async () => {
    const answer = structured(await stage.call('auditDIDs', { filter: { npa: '212', has911: true } }))
    expect(answer).toMatchObject({
      total: 25,
      matched: 3,
      summary: { byState: { NY: 3 }, byTier: { '0': 1, '1': 1, '2': 1 }, byEndpoint: { '13550': 3 } },
    })
    expect(answer.dids).toHaveLength(3)
    expect(structured(await stage.call('auditDIDs', { filter: { npa: '907' } }))).toMatchObject({
      matched: 0,
      summary: { byState: {}, byTier: {}, byEndpoint: {} },
      dids: [],
    })
  })

  test('limit 0 gives the summary alone, without rows and cursor, and what stands first is read first', async () => {
    const answer = structured(await stage.call('auditDIDs', { filter: { npa: '435', digits: '5015' }, limit: 0 }))
    expect(Object.keys(answer)).toEqual(['environment', 'total', 'matched', 'asOf', 'csv', 'summary', 'dids'])
    expect(answer).toMatchObject({ total: 25, matched: 7, dids: [] })
    const { nextCursor: cursor } = structured(await stage.call('auditDIDs', { limit: 5 }))
    expect(structured(await stage.call('auditDIDs', { cursor, limit: 0 }))).not.toHaveProperty('nextCursor')
  })

  test('takes a cursor with its own filter or none, and no other', async () => {
    const filter = { state: 'UT' }
    const { nextCursor: cursor } = structured(await stage.call('auditDIDs', { filter, limit: 5 }))
    const alone = await stage.call('auditDIDs', { cursor })
    expect(await stage.call('auditDIDs', { cursor, filter: { state: 'ut' } })).toEqual(alone)
    expect(numbersOf(alone)).toHaveLength(5)
    const other = await stage.call('auditDIDs', { cursor, filter: { state: 'NY' } })
    expect(textOf(other).split('\n').slice(0, 4)).toEqual([
      'This cursor belongs to other arguments than those given beside it.',
      'Nothing was changed at the carrier.',
      'Call again without the cursor to begin at the first page.',
      'code: INVALID_INPUT',
    ])
  })

  test('does not take the cursor of another tool', async () => {
    const { nextCursor: cursor } = structured(await stage.call('getDIDs', { npa: '435', limit: 1 }))
    const answer = await stage.call('auditDIDs', { cursor })
    expect(textOf(answer).split('\n')[0]).toBe(
      'This cursor was not made by auditDIDs for this account, or was changed since.',
    )
    expect(answer._meta?.['did-mcp/error']).toEqual({ code: 'INVALID_INPUT', retryable: false, details: {} })
  })

  /** An account of these rows, and what the carrier says beside them. */
  const accountOf = (rows: readonly Did[], listed: Listed = {}) =>
    stageWith({
      now: () => Date.parse('2026-11-23T08:00:00Z'),
      carrier: {
        async auditDIDs(row) {
          rows.forEach(row)
          return listed
        },
      },
    })

  test('a row that could not be read is shown as it came and counted, and hides no other', async () => {
    const rows = ['‹DID›‹tn›+14352154006‹/tn›‹/DID›']
    const { call } = await accountOf([{ tn: '4355550150', statusCode: 100, state: 'UT' }], {
      unreadable: { count: 1, rows },
    })
    const answer = await call('auditDIDs')
    expect(structured(answer)).toEqual({
      environment: 'sandbox',
      total: 1,
      matched: 1,
      asOf: '2026-11-23T08:00:00.000Z',
      csv: 'did://account/dids/1.csv',
      unreadable: { count: 1, rows },
      summary: { byState: { UT: 1 }, byTier: { unknown: 1 }, byEndpoint: { unknown: 1 }, byRateCenter: { unknown: 1 } },
      dids: [{ tn: '4355550150', state: 'UT' }],
    })
    expect(textOf(answer)).toContain('unreadable:\ncount: 1\nrows:\n"‹DID›‹tn›+14352154006‹/tn›‹/DID›"\n')
  })

  test('a number that came twice is one, with a word of it', async () => {
    const row = (tn: string, refId: string): Did => ({
      tn,
      statusCode: 100,
      availability: 'assigned',
      state: 'UT',
      refId,
    })
    const { call } = await accountOf([row('4355550151', 'a'), row('4355550150', 'b'), row('4355550151', 'c')])
    expect(structured(await call('auditDIDs'))).toMatchObject({
      total: 2,
      note: 'the carrier listed a number again that it had listed before; each is counted once',
      summary: { byState: { UT: 2 } },
      dids: [
        { tn: '4355550150', refId: 'b' },
        { tn: '4355550151', refId: 'a' },
      ],
    })
  })

  test('an answer is small, however many states there are', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index): Did => {
      const [state, tier] = [`state ${index}`.padEnd(200), `tier ${index}`]
      return {
        tn: String(4_350_000_000 + index),
        statusCode: 100,
        state,
        tier,
        rateCenter: `center ${index}`,
        endpointId: index + 1,
      }
    })
    const { call } = await accountOf(rows)
    const answer = await call('auditDIDs', { limit: 1 })
    expect(JSON.stringify(answer).length).toBeLessThan(8_000)
    const { summary } = structured(answer) as { summary: Record<string, Record<string, number>> }
    for (const tally of Object.values(summary)) {
      expect(Object.keys(tally)).toHaveLength(21)
      expect(tally.other).toBe(20_000 - 20)
    }
  })

  test('a reference is exact in the data, and found as it is; toll-free numbers are a state', async () => {
    const refId = '  A  B '
    const { call } = await accountOf([
      { tn: '8005550150', statusCode: 100, state: 'ALL', rateCenter: 'US+CA', refId },
      { tn: '4355550150', statusCode: 100, state: 'UT', rateCenter: 'LOGAN', refId: 'A B' },
    ])
    const { dids } = structured(await call('auditDIDs', { filter: { refId } }))
    expect(dids).toMatchObject([{ tn: '8005550150', refId }])
    for (const state of ['ALL', 'all', 'TF']) {
      expect(structured(await call('auditDIDs', { filter: { state } }))).toMatchObject({ matched: 1 })
    }
    expect(structured(await call('auditDIDs', { filter: { rateCenter: ' Logan ' } }))).toMatchObject({ matched: 1 })
    expect(structured(await call('auditDIDs', { filter: { rateCenter: '  ' } }))).toMatchObject({ matched: 2 })
  })
})
