import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { afterAll, describe, expect, test } from 'vitest'
import { openStage, textOf } from '../mcp/stage.ts'

let time = Date.parse('2026-11-23T08:00:00Z')
const stage = await openStage({ now: () => time })
afterAll(() => stage.close())

const structured = ({ structuredContent }: CallToolResult) => structuredContent as Record<string, unknown>
const numbersOf = (result: CallToolResult) => (structured(result).dids as { tn: string }[]).map(({ tn }) => tn)
const audits = () => stage.sandbox.calls.filter(({ operation }) => operation === 'auditDIDs').length

describe('auditDIDs', () => {
  test('answers a summary and the first numbers, brief', async () => {
    const { dids, nextCursor, ...rest } = structured(await stage.call('auditDIDs', { limit: 1 }))
    expect(rest).toEqual({
      total: 25,
      matched: 25,
      summary: {
        byState: { UT: 13, NY: 3, TF: 3, CA: 2, CO: 2, TX: 2 },
        byTier: { '0': 6, '1': 10, '2': 4, '3': 3, '4': 2 },
        byEndpoint: { '8674': 9, '8675': 8, '13550': 8 },
      },
      asOf: '2026-11-23T08:00:00.000Z',
    })
    expect(dids).toEqual([
      {
        tn: '2125550150',
        tier: '0',
        refId: 'NYC-SALES',
        cnamName: 'SANDBOX 212',
        state: 'NY',
        rateCenter: 'NWYRCYZN01',
        network: 'Meridian Networks',
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
})

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
          statusCode: 100,
          availability: 'assigned',
          rewrite: '4355550150',
          status:
            "Number currently assigned to you with refid 'LOGAN-OFFICE' rewritten as '4355550150' to endpoint '8674'",
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

  test('one failure ends the whole list: a list with holes would read as an answer', async () => {
    stage.sandbox.inject({ name: 'empty', operation: 'queryDID' })
    const answer = await stage.call('queryDID', { did: ['4355550150', '4355550151'] })
    expect(answer._meta?.['did-mcp/error']).toMatchObject({ code: 'CARRIER_PROTOCOL', retryable: true })
    expect(answer).not.toHaveProperty('structuredContent')
  })
})

describe('isPortable', () => {
  test('answers for one number and for many', async () => {
    expect(structured(await stage.call('isPortable', { tn: '(212) 555-0111' }))).toEqual({
      results: [{ tn: '2125550111', portable: true }],
    })
    const { results } = structured(await stage.call('isPortable', { tn: ['2125550111', '3035550111'] }))
    expect((results as { tn: string }[]).map(({ tn }) => tn)).toEqual(['2125550111', '3035550111'])
  })
})

describe('getPortDetails', () => {
  test('answers the order', async () => {
    const answer = await stage.call('getPortDetails', { portId: 70001 })
    expect(structured(answer).port).toMatchObject({
      id: 70001,
      status: 'Submitted',
      endUser: 'Cache Valley Dental',
      billingTN: '4355550190',
      portingFrom: 'Basin Telecom',
    })
    expect(textOf(answer).split('\n').slice(0, 4)).toEqual([
      'port:',
      'id: 70001',
      'status: Submitted',
      'endUser: Cache Valley Dental',
    ])
  })

  test('an order that is not there is an error that says where ids come from', async () => {
    const answer = await stage.call('getPortDetails', { portId: 1 })
    expect(textOf(answer).split('\n').slice(0, 4)).toEqual([
      'The carrier knows no port order 1.',
      'Nothing was changed at the carrier.',
      'Check the id in the Back Office, under port orders.',
      'code: INVALID_INPUT',
    ])
  })
})
