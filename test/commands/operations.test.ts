import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listOperations, resolveOperation } from '../../src/commands/operations.ts'
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

describe('did-mcp operations', () => {
  test('shows what was done to which number, by whom, on whose yes, with what outcome', async () => {
    const done = await rig.perform('reserveDID', [{ tn }])
    rig.clock.advance(60_000)
    const lost = await rig.perform('assignDID', [{ tn: stuck, epg: 8674 }])
    const terminal = testTerminal()
    expect(await listOperations(rig.journal, all, rig.folder, terminal)).toBe(0)
    const host = new URL(rig.sandbox.endpoint).host
    expect(terminal.lines).toEqual([
      expect.stringMatching(/^STARTED \(UTC\) +TOOL +STATUS +OPERATION +NUMBERS +BY +YES +ACCOUNT$/),
      `2026-01-05 09:01:00  assignDID   uncertain  ${lost.operationId}  ${stuck}  ann@desk  policy  sandbox at ${host}`,
      `    ${stuck}, uncertain, it may still take effect; so far it is not assigned, watched until 2026-01-05T09:03:10.000Z`,
      `2026-01-05 09:00:00  reserveDID  done       ${done.operationId}  ${tn}  ann@desk  policy  sandbox at ${host}`,
    ])
  })

  test('as JSON it is what the tool listOperations answers, with every number and the carrier’s own words', async () => {
    const numbers = Array.from({ length: 21 }, (_, index) => ({ tn: `43555501${10 + index}` }))
    const { operationId } = await rig.perform('reserveDID', numbers, { reason: 'for the new office' })
    const terminal = testTerminal()
    expect(await listOperations(rig.journal, { ...all, json: true }, rig.folder, terminal)).toBe(0)
    const client = await rig.client()
    const { structuredContent } = await client.callTool({ name: 'listOperations', arguments: {} })
    const { operations } = structuredContent as { operations: { results: object[] }[] }
    const [printed, ...others] = JSON.parse(terminal.lines.join('\n'))
    expect(others).toEqual([])
    expect(printed.results.map(({ tn }: { tn: string }) => tn)).toEqual(numbers.map(({ tn }) => tn))
    const withoutWords = printed.results.map(({ words: _, ...result }: { words: string }) => result)
    expect({ ...printed, results: withoutWords.slice(0, 20) }).toEqual(operations[0])
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
      await listOperations(rig.journal, { ...all, ...query, json: true }, rig.folder, terminal)
      return JSON.parse(terminal.lines.join('\n')).map(({ tool }: { tool: string }) => tool)
    }
    expect(await tools({})).toEqual(['assignDID', 'reserveDID'])
    expect(await tools({ tool: 'reserveDID' })).toEqual(['reserveDID'])
    expect(await tools({ since })).toEqual(['assignDID'])
    expect(await tools({ tn: '4355550110' })).toEqual([])
    expect(await tools({ status: 'failed' })).toEqual([])
  })

  test('what cannot be seen is not in the carrier’s words', async () => {
    const { operationId = '' } = await rig.perform('assignDID', [{ tn: stuck, epg: 8674 }])
    await rig.journal.settle(operationId, [{ tn: stuck, outcome: 'failed', words: 'no\u202e\u200bt yours' }], 0)
    const terminal = testTerminal()
    await listOperations(rig.journal, { ...all, json: true }, rig.folder, terminal)
    expect(JSON.parse(terminal.lines.join('\n'))[0].results).toMatchObject([{ outcome: 'failed', words: 'not yours' }])
  })
})

describe('did-mcp operations resolve', () => {
  const says = async (
    id: string,
    as: 'done' | 'failed',
    number = stuck,
    terminal = testTerminal([number.slice(-4)]),
  ) => {
    const said = { id, tn: number, as, by: 'eve@console', at: rig.clock.now() }
    const code = await resolveOperation(rig.journal, said, terminal)
    return { code, lines: terminal.lines }
  }

  /** An assignment that stays uncertain whatever is read: the number is ours, but not as asked. */
  async function unclear(): Promise<string> {
    const { operationId = '' } = await rig.perform('assignDID', [{ tn: stuck, epg: 8674 }])
    rig.sandbox.inventory.assign({ tn: stuck, epg: 8675, cnam: false, refId: '' })
    return operationId
  }

  test("records a person's word as a person's word, and it stands over what a query shows later", async () => {
    const id = await unclear()
    rig.clock.advance(quietMs)
    expect(await says(id, 'failed')).toEqual({
      code: 0,
      lines: [`Recorded: ${stuck} in ${id} (assignDID) is failed, on the word of eve@console.`],
    })
    expect(await rig.journal.operation(id)).toMatchObject({
      status: 'failed',
      rows: [{ tn: stuck, outcome: 'failed', resolvedBy: 'eve@console' }],
    })
    const next = await rig.perform('releaseDID', [{ tn: stuck }])
    expect(next.summary).toContain(`Since then: ${stuck} in ${id} (assignDID) ended failed`)
  })

  test('nobody can know while the request may still take effect', async () => {
    const id = await unclear()
    expect(await says(id, 'failed')).toEqual({
      code: 1,
      lines: [
        'The request may still take effect until 2026-01-05T09:02:10.000Z: nobody can know before. Nothing was recorded.',
      ],
    })
  })

  test('it is a person at a terminal who says so, with the digits', async () => {
    const id = await unclear()
    rig.clock.advance(quietMs)
    expect(await says(id, 'failed', stuck, testTerminal())).toMatchObject({ code: 1 })
    expect(await says(id, 'failed', stuck, testTerminal(['0000']))).toEqual({
      code: 1,
      lines: ['That was not it. Nothing was recorded.'],
    })
    expect(await rig.journal.operation(id)).toMatchObject({ status: 'uncertain' })
  })

  test('only what is uncertain can be resolved', async () => {
    const { operationId = '' } = await rig.perform('reserveDID', [{ tn }])
    expect(await says(operationId, 'failed', tn)).toEqual({
      code: 1,
      lines: [`${tn} in ${operationId} is done, not uncertain. Nothing was recorded.`],
    })
    expect(await says('op_unknown', 'done')).toEqual({
      code: 1,
      lines: ['There is no operation op_unknown. Nothing was recorded.'],
    })
  })
})
