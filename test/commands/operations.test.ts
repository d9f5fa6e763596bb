import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listOperations } from '../../src/commands/operations.ts'
import { showOperation } from '../../src/commands/shown/one-operation.ts'
import { allow, intent, live, perform as recorded } from '../journal/support/intents.ts'
import { allAllowed } from '../support/policies.ts'
import { openRig, quietMs, type Rig } from '../support/rig.ts'
import { testTerminal } from '../support/terminal.ts'

const tn = '4355550105'
const stuck = '4355550195'

let rig: Rig
beforeEach(async () => {
  rig = await openRig({ policy: allAllowed })
})
afterEach(() => rig.close())

const all = { limit: 50, json: false }

const reader = () => ({ by: 'eve@console', now: rig.clock.now, journal: rig.folder, call: 'did-mcp' })

describe('did-mcp operations', () => {
  test('shows what was done to which number, by whom, on whose yes, with what outcome', async () => {
    const done = await rig.perform('reserveDID', [{ tn }])
    rig.clock.advance(60_000)
    const lost = await rig.perform('assignDID', [{ tn: stuck, epg: 8674 }])
    const terminal = testTerminal(undefined, 200)
    expect(await listOperations(rig.journal, all, reader(), terminal)).toBe(0)
    const host = new URL(rig.sandbox.endpoint).host
    expect(terminal.lines).toEqual([
      expect.stringMatching(/^STARTED \(UTC\) +TOOL +STATUS +OPERATION +NUMBERS +BY +YES +ACCOUNT$/),
      `2026-01-05 09:01:00  assignDID   uncertain  ${lost.operationId}  ${stuck}  ann@desk  policy (no yes needed)  sandbox at ${host}`,
      `    ${stuck}, uncertain, the carrier's answer was not read; it may still take effect; so far it is not assigned (as of 2026-01-05 09:01:00 UTC), ` +
        'it may take effect until 2026-01-05 09:03:10 UTC',
      `2026-01-05 09:00:00  reserveDID  done       ${done.operationId}  ${tn}  ann@desk  policy (no yes needed)  sandbox at ${host}`,
    ])
  })

  test('on a narrow terminal it is as whole', async () => {
    const lost = await rig.perform('assignDID', [{ tn: stuck, epg: 8674 }])
    const host = new URL(rig.sandbox.endpoint).host
    const terminal = testTerminal(undefined, 60)
    await listOperations(rig.journal, all, reader(), terminal)
    expect(terminal.lines).toEqual([
      'STARTED (UTC)        TOOL       STATUS',
      '2026-01-05 09:00:00  assignDID  uncertain',
      `    OPERATION ${lost.operationId}  NUMBERS ${stuck}`,
      '    BY ann@desk  YES policy (no yes needed)',
      `    ACCOUNT sandbox at ${host}`,
      `    ${stuck}, uncertain, the carrier's answer was not`,
      '    read; it may still take effect; so far it is not',
      '    assigned (as of 2026-01-05 09:00:00 UTC), it may take',
      '    effect until 2026-01-05 09:02:10 UTC',
    ])
  })

  test('of a number that is still uncertain when its time is over, it says what can be done', async () => {
    const { operationId } = await rig.perform('assignDID', [{ tn: stuck, epg: 8674 }])
    rig.clock.advance(quietMs)
    const said = async (query: object) => {
      const terminal = testTerminal(undefined, 200)
      await listOperations(rig.journal, { ...all, ...query }, reader(), terminal)
      return terminal.lines.slice(2)
    }
    const known =
      "the carrier's answer was not read; it may still take effect; so far it is not assigned (as of 2026-01-05 09:00:00 UTC)"
    const wayOut = [
      `    ${stuck}, uncertain, ${known}, not asked again since 2026-01-05 09:02:10 UTC`,
      '',
      '1 number is uncertain: listOperations from a client of its account settles what a query can tell; or record what ' +
        'you know, done or failed:',
      `  did-mcp operations resolve ${operationId} --tn ${stuck} --as OUTCOME`,
    ]
    expect(await said({})).toEqual(wayOut)
    expect(await said({ tn: stuck })).toEqual(wayOut)
    expect(await said({ status: 'done' })).toEqual([])
  })

  test('of an embedded carrier it says how long that can be asked', async () => {
    const account = { ...live, label: 'embedded sandbox', instance: 'one' }
    const id = await recorded(rig.journal, 'assignDID', [stuck], 'uncertain', { id: 'op_gone', account })
    const terminal = testTerminal(undefined, 200)
    await listOperations(rig.journal, all, reader(), terminal)
    expect(terminal.lines.slice(-2)).toEqual([
      '1 number is uncertain: listOperations, as long as the server runs that embeds its carrier, settles what a query ' +
        'can tell; or record what you know, done or failed:',
      `  did-mcp operations resolve ${id} --tn ${stuck} --as OUTCOME`,
    ])
  })

  test('says beside the answer that there are more, as JSON too', async () => {
    await rig.perform('reserveDID', [{ tn }])
    await rig.perform('assignDID', [{ tn, epg: 8674 }])
    for (const json of [true, false]) {
      const terminal = testTerminal()
      await listOperations(rig.journal, { limit: 1, json }, reader(), terminal)
      expect(terminal.failed).toEqual([
        'There are more than these 1: narrow with --tn, --tool, --since, --until, --status, --account or --caller, or raise --limit (10000 at most).',
      ])
      const whole = testTerminal()
      await listOperations(rig.journal, { limit: 2, json }, reader(), whole)
      expect(whole.failed).toEqual([])
    }
  })

  test('as JSON it is what the tool listOperations answers, with every number and the carrier’s own words', async () => {
    const numbers = Array.from({ length: 21 }, (_, index) => ({ tn: `43555501${10 + index}` }))
    const { operationId } = await rig.perform('reserveDID', numbers, { reason: 'for the new office' })
    const terminal = testTerminal()
    expect(await listOperations(rig.journal, { ...all, json: true }, reader(), terminal)).toBe(0)
    const client = await rig.client()
    const { structuredContent } = await client.callTool({ name: 'listOperations', arguments: {} })
    const { operations } = structuredContent as { operations: { results: object[] }[] }
    const shown = JSON.parse(terminal.lines.join('\n'))
    expect(shown).toMatchObject({ version: 1, more: false })
    const [printed, ...others] = shown.operations
    expect(others).toEqual([])
    expect(printed.results.map(({ tn }: { tn: string }) => tn)).toEqual(numbers.map(({ tn }) => tn))
    expect({ ...printed, results: printed.results.slice(0, 20) }).toEqual(operations[0])
    expect(printed.results[0].words).toMatch(/^Reserved for 30 minutes/)
    expect(printed).toMatchObject({ id: operationId, environment: 'sandbox', status: 'done', counts: { done: 21 } })
  })

  test('narrows by number, tool, time and status', async () => {
    await rig.perform('reserveDID', [{ tn }])
    rig.clock.advance(60_000)
    const since = rig.clock.now()
    await rig.perform('assignDID', [{ tn, epg: 8674 }])
    const tools = async (query: object) => {
      const terminal = testTerminal()
      await listOperations(rig.journal, { ...all, ...query, json: true }, reader(), terminal)
      return JSON.parse(terminal.lines.join('\n')).operations.map(({ tool }: { tool: string }) => tool)
    }
    expect(await tools({})).toEqual(['assignDID', 'reserveDID'])
    expect(await tools({ tool: 'reserveDID' })).toEqual(['reserveDID'])
    expect(await tools({ since })).toEqual(['assignDID'])
    expect(await tools({ tn: '4355550110' })).toEqual([])
    expect(await tools({ status: 'failed' })).toEqual([])
    expect(await tools({ until: since })).toEqual(['reserveDID'])
    expect(await tools({ caller: 'ann@desk' })).toEqual(['assignDID', 'reserveDID'])
    expect(await tools({ caller: 'bob@desk' })).toEqual([])
    expect(await tools({ account: `sandbox at ${new URL(rig.sandbox.endpoint).host}` })).toHaveLength(2)
    expect(await tools({ account: 'sandbox at elsewhere' })).toEqual([])
  })

  test('tells two agents of one user apart by the names that their clients claim, made harmless', async () => {
    const names = ['codex', `Claude\u202e [Code](http://evil.example) "by eve"\n${'x'.repeat(200)}`]
    for (const [index, name] of names.entries()) {
      const client = await rig.client(undefined, undefined, name)
      await client.callTool({ name: 'reserveDID', arguments: { didParams: [{ tn: `435555011${index}` }] } })
      rig.clock.advance(1000)
    }
    const shown = testTerminal()
    await listOperations(rig.journal, { ...all, json: true }, reader(), shown)
    const operations: { caller: string; client: string }[] = JSON.parse(shown.lines.join('\n')).operations
    expect(operations.map(({ caller }) => caller)).toEqual(['ann@desk', 'ann@desk'])
    const [hostile, plain] = operations.map(({ client }) => client)
    expect(plain).toBe('codex')
    expect(hostile).toHaveLength(60)
    expect(hostile).not.toMatch(/\u202e|\n|\]\(|:\/\//)
    const printed = testTerminal()
    await listOperations(rig.journal, all, reader(), printed)
    expect(printed.lines.join('\n')).toContain('ann@desk with "codex"')
    expect(printed.lines.join('\n')).not.toContain('"by eve"')
    const csv = testTerminal()
    await listOperations(rig.journal, { ...all, csv: true }, reader(), csv)
    expect(csv.written.join('')).toContain(',ann@desk,codex,')
  })

  test('as CSV it has a line for each number, and no cell begins a formula', async () => {
    const [one, other] = ['4355550110', '4355550111'] as const
    const { operationId } = await rig.perform('reserveDID', [{ tn: one }, { tn: other }], { reason: '=1, "now"' })
    const terminal = testTerminal()
    expect(await listOperations(rig.journal, { ...all, csv: true }, reader(), terminal)).toBe(0)
    const [headings, first = '', second, ...others] = terminal.written.join('').split('\r\n')
    expect(headings).toBe(
      'startedAt,endedAt,tool,tn,outcome,code,meaning,inferred,caller,client,confirmedBy,reason,environment,account,operation,status',
    )
    expect(first).toMatch(/^2026-01-05T09:00:00.000Z,2026-01-05T09:00:00.000Z,reserveDID,4355550110,done,100,/)
    expect(first).toContain(`,"'=1, ""now""",sandbox,sandbox at `)
    expect(first.endsWith(`,${operationId},done`)).toBe(true)
    expect(second).toContain(`,reserveDID,${other},done,100,`)
    expect([others, terminal.lines]).toEqual([[''], []])
  })

  test('what cannot be seen is not in the carrier’s words', async () => {
    const { operationId = '' } = await rig.perform('assignDID', [{ tn: stuck, epg: 8674 }])
    await rig.journal.settleNumbers(operationId, [{ tn: stuck, outcome: 'failed', words: 'no\u202e\u200bt yours' }], 0)
    const terminal = testTerminal()
    await listOperations(rig.journal, { ...all, json: true }, reader(), terminal)
    expect(JSON.parse(terminal.lines.join('\n')).operations[0].results).toMatchObject([
      { outcome: 'failed', words: 'not yours' },
    ])
  })
})

describe('did-mcp operations ID', () => {
  test('shows one whole: what was asked of each number, what it was before and after, and why it was done', async () => {
    const { operationId = '' } = await rig.perform(
      'assignDID',
      [
        { tn, epg: 8674, refId: 'Park *City*' },
        { tn: '4355550190', epg: 8674 },
        { tn: stuck, epg: 8675, cnam: true },
      ],
      { reason: 'for the new office' },
    )
    rig.clock.advance(quietMs)
    const terminal = testTerminal(undefined, 200)
    expect(await showOperation(rig.journal, { id: operationId, json: false }, reader(), terminal)).toBe(0)
    const known =
      "the carrier's answer was not read; it may still take effect; so far it is not assigned (as of 2026-01-05 09:00:00 UTC)"
    expect(terminal.lines).toEqual([
      'assignDID, uncertain',
      `operation  ${operationId}`,
      'started    2026-01-05 09:00:00 UTC',
      'by         ann@desk',
      'yes        policy (no yes needed)',
      `account    sandbox at ${new URL(rig.sandbox.endpoint).host} (sandbox, nothing is real)`,
      'reason     "for the new office" (the model\'s own words, unverified)',
      'numbers    1 failed, 2 uncertain',
      '',
      'NUMBER      OUTCOME    BEFORE             REQUEST                                                       AFTER',
      `${tn}  uncertain  available, tier 4  epg 8674, reference "Park ＊City＊", written with ＊ for U+002A  available, tier 4`,
      `    ${known}, not asked again since 2026-01-05 09:02:10 UTC`,
      '4355550190  failed     taken              epg 8674',
      '    another company has it',
      `${stuck}  uncertain  available, tier 2  epg 8675, cnam yes                                            available, tier 2`,
      `    ${known}, not asked again since 2026-01-05 09:02:10 UTC`,
      '',
      '2 numbers are uncertain: listOperations from a client of its account settles what a query can tell; or record ' +
        'what you know, done or failed:',
      `  did-mcp operations resolve ${operationId} --tn ${tn} --as OUTCOME`,
    ])
  })

  test('where nothing was asked of its numbers, no request is shown; a code that looks like an error says what it means', async () => {
    const { operationId: id = '' } = await rig.perform('releaseDID', [{ tn: '3035550150' }])
    const terminal = testTerminal(undefined, 200)
    expect(await showOperation(rig.journal, { id, json: false }, reader(), terminal)).toBe(0)
    expect(terminal.lines.slice(1)).toEqual([
      `operation  ${id}`,
      'started    2026-01-05 09:00:00 UTC, ended 2026-01-05 09:00:00 UTC',
      'by         ann@desk',
      'yes        policy (no yes needed)',
      `account    sandbox at ${new URL(rig.sandbox.endpoint).host} (sandbox, nothing is real)`,
      'numbers    1 done',
      '',
      'NUMBER      OUTCOME  CODE    BEFORE                                                                      AFTER',
      '3035550150  done     106231  yours, epg 8674, tier 1, E911 no, cnam no, reference "DENVER" (unverified)  available',
      '    currently available: the release worked',
    ])
  })

  test('one that is still open is told as such', async () => {
    const open = intent('reserveDID', [tn], { id: 'op_open', at: rig.clock.now() })
    await rig.journal.recordIntent(open, allow)
    const terminal = testTerminal()
    await showOperation(rig.journal, { id: 'op_open', json: false }, reader(), terminal)
    expect(terminal.lines[0]).toBe('reserveDID, open')
    expect(terminal.lines.slice(-4)).toEqual([
      `${tn}  open     available, tier 1`,
      '    not sent yet',
      '',
      'What is open is under way in a server. Where that is gone, the next one that starts for its account settles it.',
    ])
  })

  test('as JSON it is the one, with every number', async () => {
    const numbers = Array.from({ length: 21 }, (_, index) => ({ tn: `43555501${10 + index}` }))
    const { operationId: id = '' } = await rig.perform('reserveDID', numbers)
    const terminal = testTerminal()
    expect(await showOperation(rig.journal, { id, json: true }, reader(), terminal)).toBe(0)
    const { operation: printed } = JSON.parse(terminal.lines.join('\n'))
    expect(printed).toMatchObject({ id, status: 'done', counts: { done: 21 } })
    expect(printed.results.map(({ tn }: { tn: string }) => tn)).toEqual(numbers.map(({ tn }) => tn))
  })

  test('that is not there is said, with the journal that was read', async () => {
    const terminal = testTerminal()
    expect(await showOperation(rig.journal, { id: 'op_unknown', json: false }, reader(), terminal)).toBe(1)
    expect(terminal).toMatchObject({
      lines: [],
      failed: [`There is no operation op_unknown. The journal: ${rig.folder}`],
    })
  })
})
