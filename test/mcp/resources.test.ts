import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { outcomes } from '../../src/carrier/outcomes.ts'
import { JournalUnavailable } from '../../src/journal/journal.ts'
import { builtIn, type Policy } from '../../src/policy/policy.ts'
import { PolicyUnreadable } from '../../src/policy/source.ts'
import { openRig } from '../support/rig.ts'
import { stageWith } from '../support/stage.ts'
import { contentAt, jsonAt, refusalAt, textAt } from './support/readings.ts'

const rig = await openRig()
const client = await rig.client()
afterAll(() => rig.close())

/** For a test that changes what the server stands on. */
async function ownRig() {
  const rig = await openRig()
  onTestFinished(() => rig.close())
  return { rig, client: await rig.client() }
}

describe('did://account', () => {
  test('is the audit’s summary, and names the pages of all numbers', async () => {
    expect(await jsonAt(client, 'did://account')).toEqual({
      environment: 'sandbox',
      account: rig.door.account.label,
      total: 25,
      summary: {
        byState: { UT: 13, ALL: 3, NY: 3, CA: 2, CO: 2, TX: 2 },
        byTier: { '0': 6, '1': 10, '2': 4, '3': 3, '4': 2 },
        byEndpoint: { '8674': 9, '8675': 8, '13550': 8 },
        byRateCenter: expect.objectContaining({ 'US+CA, ALL': 3 }),
      },
      asOf: '2026-01-05T09:00:00.000Z',
      csv: { uri: 'did://account/dids/{page}.csv', pages: 1, rowsPerPage: 500 },
    })
  })

  test('says in its content that it is the sandbox’s, and of which type it is', async () => {
    expect(await contentAt(client, 'did://account')).toEqual({
      uri: 'did://account',
      mimeType: 'application/json',
      text: expect.any(String),
      _meta: { 'did-mcp/environment': 'sandbox' },
    })
    const live = await stageWith({ environment: 'live' })
    expect(await jsonAt(live.client, 'did://account')).toMatchObject({ environment: 'live' })
    expect((await contentAt(live.client, 'did://account'))?._meta).toEqual({ 'did-mcp/environment': 'live' })
  })
})

describe('did://account/dids/{page}.csv', () => {
  test('holds every number with all its fields, a line each', async () => {
    const lines = (await textAt(client, 'did://account/dids/1.csv')).split('\r\n')
    expect(lines).toHaveLength(1 + 25 + 1)
    expect(lines[0]).toMatch(/^tn,endpointId,state,rateCenter,tier,refId,has911,/)
    expect(lines[1]).toMatch(/^2125550150,13550,NY,NWYRCYZN01,0,NYC-SALES,true,/)
    const owned = Array.from(rig.sandbox.inventory.owned(), ({ tn }) => tn).sort()
    expect(lines.slice(1, -1).map((line) => line.split(',')[0])).toEqual(owned)
    expect((await contentAt(client, 'did://account/dids/1.csv'))?.mimeType).toBe('text/csv')
  })

  test('goes on after five hundred numbers, on one download, and says beside each page which of how many it is', async () => {
    let downloads = 0
    const stage = await stageWith({
      carrier: {
        async auditDIDs(row) {
          downloads++
          for (let line = 1_000; line >= 0; line--) row({ tn: String(2_125_550_000 + line), statusCode: 100 })
          return {}
        },
      },
    })
    const pages = ['did://account/dids/1.csv', 'did://account/dids/2.csv', 'did://account/dids/3.csv']
    expect((await jsonAt(stage.client, 'did://account')).csv).toMatchObject({ pages: 3, rowsPerPage: 500 })
    expect((await contentAt(stage.client, pages[2] ?? ''))?._meta).toEqual({
      'did-mcp/environment': 'sandbox',
      'did-mcp/page': { page: 3, pages: 3, rows: 1, total: 1_001 },
    })
    const read = await Promise.all(pages.map((uri) => textAt(stage.client, uri)))
    const rows = read.map((text) => text.split('\r\n').slice(1, -1))
    expect(rows.map(({ length }) => length)).toEqual([500, 500, 1])
    expect(rows.flat().map((line) => Number(line.split(',')[0]) - 2_125_550_000)).toEqual(
      Array.from({ length: 1_001 }, (_, line) => line),
    )
    expect(downloads).toBe(1)
    expect(await refusalAt(stage.client, 'did://account/dids/4.csv')).toEqual({
      code: -32002,
      message: 'There is no resource did://account/dids/4.csv. The account’s last page is 3.csv.',
      data: { uri: 'did://account/dids/4.csv' },
    })
  })

  test('carries no markup, no link and no cell without end, and at its end what could not be read', async () => {
    const stage = await stageWith({
      carrier: {
        async auditDIDs(row) {
          row({
            tn: '4355550150',
            statusCode: 100,
            refId: '  <b>x</b>;=cmd ',
            cnamName: '[a](http://e) ![b](x)',
            status: `${'long '.repeat(2_000)}`,
          })
          return { unreadable: { count: 1, rows: ['‹DID›‹tn›12abc‹/tn›‹/DID›'] } }
        },
      },
    })
    const text = await textAt(stage.client, 'did://account/dids/1.csv')
    const [, line = '', odd] = text.split('\r\n')
    expect(line).toContain("  ‹b›x‹/b›;'=cmd ,")
    expect(line).toContain('(a)(http: /e) !(b)(x)')
    expect(line.length).toBeLessThan(800)
    expect(odd).toMatch(/^,*not readable: ‹DID›‹tn›12abc‹\/tn›‹\/DID›$/)
    expect(await jsonAt(stage.client, 'did://account')).toMatchObject({ total: 1, unreadable: { count: 1 } })
  })

  test('of an empty account is its headings', async () => {
    const stage = await stageWith({ carrier: { auditDIDs: async () => ({}) } })
    expect(await textAt(stage.client, 'did://account/dids/1.csv')).toMatch(/^tn,[\w,]+\r\n$/)
  })

  test.each(['0', '01', '-1', '1e3', 'x', '1234567'])('has no page %s', async (page) => {
    const uri = `did://account/dids/${page}.csv`
    expect(await refusalAt(client, uri)).toEqual({
      code: -32002,
      message: `There is no resource ${uri}. Pages are numbers. The first is 1.csv.`,
      data: { uri },
    })
  })
})

describe('did://dids/{tn}', () => {
  test('is one number as queryDID answers it, asked at every reading, in any format', async () => {
    const queries = () => rig.sandbox.calls.filter(({ operation }) => operation === 'queryDID').length
    const before = queries()
    const { structuredContent } = await client.callTool({ name: 'queryDID', arguments: { did: '4355550150' } })
    const { results } = structuredContent as { results: object[] }
    const formats = ['4355550150', '+14355550150', '(435)%20555-0150']
    for (const tn of formats) {
      expect(await jsonAt(client, `did://dids/${tn}`)).toEqual({ environment: 'sandbox', ...results[0] })
    }
    expect(queries()).toBe(before + 1 + formats.length)
  })

  test('of a number that nobody knows says so', async () => {
    expect(await jsonAt(client, 'did://dids/2025551234')).toEqual({
      environment: 'sandbox',
      tn: '2025551234',
      status: 'unknown',
      code: 102420,
      meaning: 'no records found',
    })
  })

  test('is not there for what is no number', async () => {
    expect(await refusalAt(client, 'did://dids/4355550150;4355550151')).toEqual({
      code: -32002,
      message:
        'There is no resource did://dids/4355550150;4355550151. "4355550150;4355550151" is not a telephone number: ' +
        'expected ten digits of the North American plan, as in 4352154006, 435-215-4006 or +1 (435) 215-4006, and nothing beside them. ' +
        'Numbers of the account are in did://account/dids/1.csv.',
      data: { uri: 'did://dids/4355550150;4355550151' },
    })
  })

  test('carries nothing that cannot be seen, no markup, no link and no text without end', async () => {
    const stage = await stageWith({
      carrier: {
        async queryDID(tn) {
          const did = {
            tn,
            statusCode: 100,
            refId: ' a\u202eb\u200bc\n\nd  e ',
            status: 'x'.repeat(10_000),
            cnamName: '[pay](http://evil.example) **now** <img src=x>',
          }
          return { tn, code: 100, did }
        },
      },
    })
    const { did } = await jsonAt(stage.client, 'did://dids/4355550150')
    expect(did.refId).toBe(' abc d  e ')
    expect(did.status).toHaveLength(200)
    expect(did.cnamName).toBe('(pay)(http: /evil.example) ·now· ‹img src=x›')
  })
})

describe('did://operations/{id}', () => {
  test('is a whole operation, with every number', async () => {
    const tns = Array.from({ length: 30 }, (_, line) => `4355550${100 + line}`)
    const { operationId } = await rig.perform(
      'reserveDID',
      tns.map((tn) => ({ tn })),
      { reason: 'new office' },
    )
    const operation = await jsonAt(client, `did://operations/${operationId}`)
    expect(operation).toEqual({
      environment: 'sandbox',
      id: operationId,
      tool: 'reserveDID',
      effect: 'hold',
      account: rig.door.account.label,
      status: 'done',
      startedAt: '2026-01-05T09:00:00.000Z',
      endedAt: '2026-01-05T09:00:00.000Z',
      caller: 'ann@desk',
      reason: 'new office',
      confirmedBy: 'policy (no yes needed)',
      counts: { done: 30, failed: 0, uncertain: 0, notAttempted: 0 },
      results: expect.any(Array),
    })
    expect(operation.results.map(({ tn }: { tn: string }) => tn)).toEqual(tns)
    expect(operation.results[0]).toMatchObject({ outcome: 'done', code: 100, before: { status: 'available' } })
  })

  test('of another account is not there, just as one that never was', async () => {
    const { rig, client } = await ownRig()
    const { operationId } = await rig.perform('reserveDID', [{ tn: '8015550100' }])
    // The account that the server speaks for is the rig's own object.
    Object.assign(rig.door.account, { id: 'another account' })
    for (const id of [operationId, 'never']) {
      expect(await refusalAt(client, `did://operations/${id}`)).toEqual({
        code: -32002,
        message: `There is no resource did://operations/${id}. listOperations lists those there are.`,
        data: { uri: `did://operations/${id}` },
      })
    }
  })
})

describe('did://policy', () => {
  test('says what is in force at this moment, in words and as data', async () => {
    const { rig, client } = await ownRig()
    const policy: Policy = {
      ...builtIn,
      tools: { releaseDID: 'deny' },
      limits: { ...builtIn.limits, assignedPerDay: null },
      protected: ['800*'],
    }
    rig.policy = policy
    expect(await jsonAt(client, 'did://policy')).toEqual({
      environment: 'sandbox',
      inWords: [
        'reserveDID allowed; assignDID, configDID after a yes; releaseDID denied',
        'yes is said by a person in the client; where it cannot ask, by a ticket (at most 10 numbers where it costs money or cannot be undone)',
        'numbers a call: 100; bought a day: no limit; released a day: 100; held at once: 100',
        'protected: 800*; endpoint groups: any; tiers: any',
        'left now: released a day 100 of 100; held at once 100 of 100',
      ],
      rules: expect.objectContaining({ auditDIDs: 'allow', assignDID: 'confirm', releaseDID: 'deny' }),
      left: { releasedPerDay: { limit: 100, left: 100 }, heldAtOnce: { limit: 100, left: 100 } },
      policy,
    })
  })

  test('says what is left of each limit after a write', async () => {
    const { rig, client } = await ownRig()
    rig.policy = { ...builtIn, limits: { ...builtIn.limits, heldAtOnce: 1 } }
    await rig.perform('reserveDID', [{ tn: '4355550105' }])
    const { inWords, left } = await jsonAt(client, 'did://policy')
    expect(inWords.at(-1)).toBe('left now: bought a day 100 of 100; released a day 100 of 100; held at once 0 of 1')
    expect(left.heldAtOnce).toEqual({ limit: 1, left: 0 })
  })

  test('is told where the journal is away, with what is not known', async () => {
    const stage = await stageWith({
      used: async () => {
        throw new JournalUnavailable('The journal cannot be opened.')
      },
    })
    const said = await jsonAt(stage.client, 'did://policy')
    expect(said.inWords.at(-1)).toBe('what is left of each limit is not known: The journal cannot be opened.')
    expect(said).not.toHaveProperty('left')
    expect(said.policy).toEqual(builtIn)
  })

  test('that cannot be read any more says so, and what still stands', async () => {
    const stage = await stageWith({
      policy: () => {
        throw new PolicyUnreadable(['DID_MCP_POLICY /p.json: it is not JSON'], builtIn)
      },
    })
    const said = await jsonAt(stage.client, 'did://policy')
    expect(said.inWords.slice(0, 3)).toEqual([
      'The policy cannot be read, so nothing is written until it is mended. DID_MCP_POLICY /p.json: it is not JSON',
      'What follows still stands for reading.',
      'reserveDID allowed; assignDID, configDID, releaseDID after a yes',
    ])
    expect(said.policy).toEqual(builtIn)
  })
})

test('did://codes is the whole table of outcomes', async () => {
  expect(await jsonAt(client, 'did://codes')).toEqual({
    environment: 'sandbox',
    note: 'A code that is not here is never read as success.',
    codes: outcomes,
  })
})
