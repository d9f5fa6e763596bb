import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { resolveOperation } from '../../src/commands/operations.ts'
import { perform as recorded } from '../journal/support/intents.ts'
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

const _all = { limit: 50, json: false }

const reader = () => ({ by: 'eve@console', now: rig.clock.now, journal: rig.folder, call: 'did-mcp' })

describe('did-mcp operations resolve', () => {
  const says = async (
    id: string,
    as: 'done' | 'failed',
    number = stuck,
    terminal = testTerminal([number.slice(-4)], 200),
  ) => {
    const code = await resolveOperation(rig.journal, { id, tn: [number], as }, reader(), terminal)
    return { code, lines: terminal.lines, asked: terminal.asked }
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
      asked: ['To record it as failed, type the last four digits of the number: '],
      lines: [
        'assignDID, uncertain',
        `operation  ${id}`,
        'started    2026-01-05 09:00:00 UTC',
        'by         ann@desk',
        'yes        policy (no yes needed)',
        `account    sandbox at ${new URL(rig.sandbox.endpoint).host} (sandbox, nothing is real)`,
        'numbers    1 uncertain',
        '',
        'NUMBER      OUTCOME    BEFORE             REQUEST   AFTER',
        `${stuck}  uncertain  available, tier 2  epg 8674  available, tier 2`,
        "    the carrier's answer was not read; it may still take effect; so far it is not assigned (as of 2026-01-05 09:00:00 UTC), " +
          'not asked again since 2026-01-05 09:02:10 UTC',
        '',
        `Recorded: ${stuck} in ${id} (assignDID) is failed, on the word of eve@console.`,
      ],
    })
    expect(await rig.journal.readOperation(id)).toMatchObject({
      status: 'failed',
      rows: [{ tn: stuck, outcome: 'failed', resolvedBy: 'eve@console' }],
    })
    const next = await rig.perform('releaseDID', [{ tn: stuck }])
    expect(next.summary).toContain(`Since then: ${stuck} in ${id} (assignDID) ended failed`)
  })

  test('nobody can know while the request may still take effect', async () => {
    const id = await unclear()
    expect(await says(id, 'failed')).toMatchObject({
      code: 1,
      lines: [
        `${stuck}: the request may still take effect until 2026-01-05 09:02:10 UTC, nobody can know before.`,
        'Nothing was recorded.',
      ],
    })
  })

  test('it is a person at a terminal who says so, with the digits', async () => {
    const id = await unclear()
    rig.clock.advance(quietMs)
    expect(await says(id, 'failed', stuck, testTerminal())).toMatchObject({ code: 1 })
    const wrong = await says(id, 'failed', stuck, testTerminal(['0000']))
    expect([wrong.code, wrong.lines.at(-1)]).toEqual([1, 'That was not it. Nothing was recorded.'])
    const left = await says(id, 'failed', stuck, testTerminal([undefined]))
    expect([left.code, left.lines.at(-1)]).toEqual([1, 'Nothing was recorded.'])
    expect(await rig.journal.readOperation(id)).toMatchObject({ status: 'uncertain' })
  })

  test('only what is uncertain can be resolved', async () => {
    const { operationId = '' } = await rig.perform('reserveDID', [{ tn }])
    expect(await says(operationId, 'failed', tn)).toMatchObject({
      code: 1,
      lines: [`${tn} in ${operationId} is done, not uncertain.`, 'Nothing was recorded.'],
    })
    expect(await says('op_unknown', 'done')).toMatchObject({
      code: 1,
      lines: ['There is no operation op_unknown.', 'Nothing was recorded.'],
    })
  })

  test('several at once, with what the word stands on: all of them or none', async () => {
    const other = '4355550295'
    const id = await recorded(rig.journal, 'assignDID', [stuck, other], 'uncertain')
    await recorded(rig.journal, 'assignDID', [tn], 'uncertain')
    const note = 'the Back Office lists them, *today*'
    const resolve = async (tns: string[], answers: string[]) => {
      const terminal = testTerminal(answers)
      const code = await resolveOperation(rig.journal, { id, tn: tns, as: 'done', note }, reader(), terminal)
      return { code, asked: terminal.asked, last: terminal.lines.at(-1) }
    }
    expect(await resolve([stuck, tn], ['2'])).toEqual({ code: 1, asked: [], last: 'Nothing was recorded.' })
    expect(await resolve([stuck, other], ['1'])).toMatchObject({
      code: 1,
      last: 'That was not it. Nothing was recorded.',
    })
    expect(await resolve([stuck, other], ['2'])).toEqual({
      code: 0,
      asked: ['To record them as done, type how many numbers these are: '],
      last: `Recorded: ${stuck}, ${other} in ${id} (assignDID) are done, on the word of eve@console.`,
    })
    const { rows: settled = [] } = (await rig.journal.readOperation(id)) ?? {}
    expect(settled).toMatchObject([
      {
        tn: stuck,
        outcome: 'done',
        meaning: expect.stringContaining('said done by eve@console: "the Back Office'),
        resolvedBy: 'eve@console',
      },
      { tn: other, outcome: 'done', resolvedBy: 'eve@console' },
    ])
  })
})
