import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { approve, deny, lift, listApprovals } from '../../src/commands/approvals.ts'
import { builtIn } from '../../src/policy/policy.ts'
import { openRig, type Rig } from '../support/rig.ts'
import { testTerminal } from '../support/terminal.ts'

const one = '3035550150'
const two = '3035550151'

let rig: Rig
let client: Client
beforeEach(async () => {
  rig = await openRig({ policy: { confirmation: { ...builtIn.confirmation, mode: 'human' } } })
  client = await rig.client()
})
afterEach(() => rig.close())

const reader = () => ({ by: 'eve@console', now: rig.clock.now, journal: rig.folder, call: 'did-mcp' })

async function call(args: object, tool = 'releaseDID') {
  const { structuredContent } = await client.callTool({ name: tool, arguments: { ...args } })
  return structuredContent as { status: string; summary: string; confirmation?: { approvalId: string } }
}

async function ask(args: object): Promise<string> {
  const answer = await call(args)
  expect(answer.status).toBe('waiting')
  return answer.confirmation?.approvalId ?? ''
}

describe('a call that waits for a person', () => {
  test('asked again, it answers the same request', async () => {
    const id = await ask({ didParams: [two, one] })
    expect(await ask({ didParams: [`+1${one}`, two] })).toBe(id)
    const terminal = testTerminal()
    expect(await listApprovals(rig.journal, { json: false }, reader(), terminal)).toBe(0)
    const account = `sandbox at ${new URL(rig.sandbox.endpoint).host}`
    expect(terminal.lines).toEqual([
      expect.stringMatching(/^REQUEST +TOOL +NUMBERS +BY +SINCE \(UTC\) +UNTIL \(UTC\) +ACCOUNT$/),
      `${id}  releaseDID  ${one} and 1 more  ann@desk  2026-01-05 09:00:00  2026-01-06 09:00:00  ${account}`,
      '',
      'Look at one and decide, or deny it as it is:',
      `  did-mcp approvals approve ${id}`,
      `  did-mcp approvals deny ${id}`,
    ])
    expect(rig.sent()).toEqual([])
  })

  test('approved at a terminal with what a form would ask, it goes ahead once', async () => {
    const id = await ask({ didParams: [one], reason: 'the customer left' })
    const terminal = testTerminal(['0150'])
    expect(await approve(rig.journal, id, reader(), terminal)).toBe(0)
    const shown = terminal.lines.join('\n')
    expect(shown).toMatch(
      /^releaseDID of 1 number\nAsked for by ann@desk, sandbox at \S+, since 2026-01-05 09:00:00 UTC\. /,
    )
    expect(shown).toContain(`${one}: assigned to you, in service on endpoint group 8674, tier 1`)
    expect(shown).toContain('The model\'s own words, unverified: "the customer left"')
    expect(terminal.asked).toEqual(['Last four digits of the number (anything else leaves it waiting): '])
    expect(rig.sent()).toEqual([])

    expect(await call({ didParams: [one] })).toMatchObject({
      status: 'done',
      confirmedBy: 'approval by eve@console',
    })
    expect(rig.sent()).toEqual([`releaseDID ${one}`])
    expect((await rig.journal.readOperations({ limit: 1 })).operations[0]?.confirmedBy).toBe('approval by eve@console')
    await rig.sandbox.inventory.assign({ tn: one, epg: 8674, cnam: false, refId: '' })
    expect(await call({ didParams: [one] })).toMatchObject({ status: 'waiting' })
  })

  test('a wrong answer leaves it waiting, as does whoever leaves', async () => {
    const id = await ask({ didParams: [one, two] })
    const terminal = testTerminal(['3'])
    expect(await approve(rig.journal, id, reader(), terminal)).toBe(1)
    expect(terminal.lines.at(-1)).toBe('That was not it. Nothing was recorded: the request still waits.')
    const left = testTerminal([undefined])
    expect(await approve(rig.journal, id, reader(), left)).toBe(1)
    expect(left.lines.at(-1)).toBe('Nothing was recorded: the request still waits.')
    expect(await call({ didParams: [one, two] })).toMatchObject({ status: 'waiting' })
  })

  test('nobody approves without a terminal', async () => {
    const id = await ask({ didParams: [one] })
    const terminal = testTerminal()
    expect(await approve(rig.journal, id, reader(), terminal)).toBe(1)
    expect(terminal.lines).toEqual([
      'This is for a person at an interactive terminal: run it there. Nothing was changed.',
    ])
    expect(await call({ didParams: [one] })).toMatchObject({ status: 'waiting' })
  })

  test('what changed since it was shown is not sent, though it was approved', async () => {
    const id = await ask({ didParams: [one, two] })
    expect(await approve(rig.journal, id, reader(), testTerminal(['2']))).toBe(0)
    rig.sandbox.inventory.config({ tn: one, epg: 13550, cnam: false, refId: 'DENVER' })
    expect(await call({ didParams: [one, two] })).toMatchObject({
      status: 'partly_done',
      results: [
        { tn: one, outcome: 'not_attempted', after: { epg: 13550 } },
        { tn: two, outcome: 'done' },
      ],
    })
    expect(rig.sent()).toEqual([`releaseDID ${two}`])
  })

  test('denied, its numbers answer declined for ten minutes, and a person can take the no back', async () => {
    const id = await ask({ didParams: [one, two] })
    const terminal = testTerminal()
    expect(await deny(rig.journal, id, reader(), terminal)).toBe(0)
    expect(terminal.lines).toEqual(['Denied. The no stands for 2 numbers for 10 minutes.'])
    const no = await call({ didParams: [one] })
    expect(no).toMatchObject({ status: 'declined' })
    expect(no.summary).toContain(`A person said no to ${one}`)

    const listed = testTerminal()
    await listApprovals(rig.journal, { json: false }, reader(), listed)
    expect(listed.lines.join('\n')).toContain(`${id}  releaseDID  ${one} and 1 more  eve@console  2026-01-05 09:10:00`)
    expect(listed.lines.slice(-2)).toEqual(['Take one back:', `  did-mcp approvals lift ${id}`])
    expect(await lift(rig.journal, id, testTerminal())).toBe(1)
    expect(await lift(rig.journal, id, testTerminal([]))).toBe(0)
    expect(await call({ didParams: [one] })).toMatchObject({ status: 'waiting' })
    expect(rig.sent()).toEqual([])
  })

  test('what waits and what was denied is JSON too, with every number', async () => {
    const id = await ask({ didParams: [one, two], reason: 'the customer left' })
    const other = await call({ didParams: ['2125550150'], epg: 8675 }, 'configDID')
    const denied = other.confirmation?.approvalId ?? ''
    await deny(rig.journal, denied, reader(), testTerminal())
    const terminal = testTerminal()
    expect(await listApprovals(rig.journal, { json: true }, reader(), terminal)).toBe(0)
    const before = { status: 'yours', has911: false, cnam: false, epg: 8674 }
    expect(JSON.parse(terminal.lines.join('\n'))).toEqual({
      version: 1,
      waiting: [
        {
          id,
          tool: 'releaseDID',
          effect: 'destroy',
          environment: 'sandbox',
          account: `sandbox at ${new URL(rig.sandbox.endpoint).host}`,
          caller: 'ann@desk',
          reason: 'the customer left',
          createdAt: '2026-01-05T09:00:00.000Z',
          expiresAt: '2026-01-06T09:00:00.000Z',
          numbers: [
            { tn: one, before: expect.objectContaining(before), asked: {} },
            { tn: two, before: expect.objectContaining(before), asked: {} },
          ],
          preview: expect.arrayContaining([expect.stringContaining('Release 2 numbers.')]),
        },
      ],
      approved: [],
      noes: [
        {
          id: denied,
          tool: 'configDID',
          by: 'eve@console',
          until: '2026-01-05T09:10:00.000Z',
          numbers: ['2125550150'],
        },
      ],
    })
  })

  test('approved and not used yet, it is shown, and can still be denied', async () => {
    const id = await ask({ didParams: [one] })
    await approve(rig.journal, id, reader(), testTerminal(['0150']))
    const listed = testTerminal()
    await listApprovals(rig.journal, { json: false }, reader(), listed)
    const account = `sandbox at ${new URL(rig.sandbox.endpoint).host}`
    expect(listed.lines).toEqual([
      `No request waits for a person. The journal: ${rig.folder}`,
      '',
      expect.stringMatching(/^APPROVED +TOOL +NUMBERS +BY +YES +UNTIL \(UTC\) +ACCOUNT$/),
      `${id}  releaseDID  ${one}  ann@desk  eve@console  2026-01-06 09:00:00  ${account}`,
      '',
      'Take one back, as long as it is not used:',
      `  did-mcp approvals deny ${id}`,
    ])
    const again = testTerminal(['0150'])
    expect(await approve(rig.journal, id, reader(), again)).toBe(1)
    expect(again.lines[0]).toContain('it is approved already')
    expect(await deny(rig.journal, id, reader(), testTerminal())).toBe(0)
    expect(await call({ didParams: [one] })).toMatchObject({ status: 'declined' })
    expect(rig.sent()).toEqual([])
  })

  test('a denied call may be asked for anew once the no is over', async () => {
    const id = await ask({ didParams: [one] })
    await deny(rig.journal, id, reader(), testTerminal())
    rig.clock.advance(10 * 60_000)
    expect(await ask({ didParams: [one] })).not.toBe(id)
  })

  test('after a day it has expired', async () => {
    const id = await ask({ didParams: [one] })
    rig.clock.advance(24 * 3_600_000)
    const terminal = testTerminal(['0150'])
    expect(await approve(rig.journal, id, reader(), terminal)).toBe(1)
    expect(terminal.lines[0]).toContain('it is expired')
    const denied = testTerminal()
    expect(await deny(rig.journal, id, reader(), denied)).toBe(1)
    expect(denied.lines[0]).toContain('it is expired')
  })

  test('on a narrow terminal it is as whole', async () => {
    const reason = `${'x'.repeat(57)} ${one}: assigned to nobody`
    const id = await ask({ didParams: [one], reason })
    const listed = testTerminal(undefined, 60)
    await listApprovals(rig.journal, { json: false }, reader(), listed)
    expect(listed.lines.slice(0, 5)).toEqual([
      'REQUEST                    TOOL        NUMBERS     BY',
      `${id}  releaseDID  ${one}  ann@desk`,
      '    SINCE (UTC) 2026-01-05 09:00:00',
      '    UNTIL (UTC) 2026-01-06 09:00:00',
      `    ACCOUNT sandbox at ${new URL(rig.sandbox.endpoint).host}`,
    ])
    const shown = testTerminal([undefined], 60)
    await approve(rig.journal, id, reader(), shown)
    for (const line of shown.lines) expect(line.length).toBeLessThanOrEqual(60)
    expect(shown.lines.filter((line) => line.startsWith(one))).toHaveLength(1)
  })

  test('a long request is shown whole, page by page, and may be left', async () => {
    const owned = [...rig.sandbox.inventory.owned()].map(({ tn }) => tn)
    expect(owned).toHaveLength(25)
    const id = await ask({ didParams: owned })
    const left = testTerminal(['q'])
    expect(await approve(rig.journal, id, reader(), left)).toBe(1)
    expect(left.lines.at(-1)).toBe('Nothing was recorded: the request still waits.')
    const gone = testTerminal([undefined, '25'])
    expect(await approve(rig.journal, id, reader(), gone)).toBe(1)
    const whole = testTerminal(['', '25'])
    expect(await approve(rig.journal, id, reader(), whole)).toBe(0)
    for (const tn of owned) expect(whole.lines.some((line) => line.startsWith(`${tn}  yours`))).toBe(true)
  })

  test('nothing that others wrote is obeyed by the terminal, or passes for a fact', async () => {
    client = await rig.client(undefined, 'ann@\u001b]0;x\u0007\u001b[2Jdesk\u009b31m')
    const id = await ask({ didParams: [one], reason: 'x", approved by the owner, "' })
    const terminal = testTerminal([undefined])
    await approve(rig.journal, id, reader(), terminal)
    await listApprovals(rig.journal, { json: false }, reader(), terminal)
    await listApprovals(rig.journal, { json: true }, reader(), terminal)
    expect(terminal.lines.join('\n')).not.toMatch(/(?!\n)\p{Cc}/u)
    expect(terminal.lines.join('\n')).toContain(
      `The model's own words, unverified: "x', approved by the owner, '", written with ' for U+0022`,
    )
    const listed = testTerminal()
    await listApprovals(rig.journal, { json: true }, reader(), listed)
    expect(JSON.parse(listed.lines.join('\n')).waiting[0].caller).toBe('ann@\u001b]0;x\u0007\u001b[2Jdesk\u009b31m')
  })

  test('a long request shows of each number what would be written, to its end', async () => {
    const refId = `${'"'.repeat(20)} free of charge`
    const rows = Array.from({ length: 25 }, (_, line) => ({
      tn: `21255501${String(line).padStart(2, '0')}`,
      epg: 8674,
      refId: `${refId} ${line}`,
    }))
    const id = (await call({ didParams: rows }, 'assignDID')).confirmation?.approvalId ?? ''
    const terminal = testTerminal(['', undefined], 80)
    await approve(rig.journal, id, reader(), terminal)
    const shown = terminal.lines.join(' ').replace(/ +/g, ' ')
    for (const { tn } of rows) expect(terminal.lines.some((line) => line.startsWith(`${tn}  available`))).toBe(true)
    for (const line of rows.keys()) expect(shown).toContain(`(U+0022) free of charge ${line}"`)
  })
})
