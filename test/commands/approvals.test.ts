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
    expect(await listApprovals(rig.journal, reader(), terminal)).toBe(0)
    expect(terminal.lines.filter((line) => line.startsWith('ap_'))).toEqual([
      expect.stringContaining(`${id}  releaseDID  2        ann@desk  2026-01-05 09:00:00  2026-01-06 09:00:00  `),
    ])
    expect(rig.sent()).toEqual([])
  })

  test('approved at a terminal with what a form would ask, it goes ahead once', async () => {
    const id = await ask({ didParams: [one], reason: 'the customer left' })
    const terminal = testTerminal(['0150'])
    expect(await approve(rig.journal, id, reader(), terminal)).toBe(0)
    const shown = terminal.lines.join('\n')
    expect(shown).toContain('releaseDID of 1 number, asked for by ann@desk')
    expect(shown).toContain(`${one}: assigned to you, in service on endpoint group 8674, tier 1`)
    expect(shown).toContain('The model\'s own words, unverified: "the customer left"')
    expect(terminal.asked).toEqual(['Last four digits of the number (anything else leaves it waiting): '])
    expect(rig.sent()).toEqual([])

    expect(await call({ didParams: [one] })).toMatchObject({ status: 'done' })
    expect(rig.sent()).toEqual([`releaseDID ${one}`])
    expect((await rig.journal.operations({ limit: 1 })).operations[0]?.confirmedBy).toBe('approval by eve@console')
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
    await listApprovals(rig.journal, reader(), listed)
    expect(listed.lines.join('\n')).toContain(`${id}  releaseDID  ${one} and 1 more  eve@console  2026-01-05 09:10`)
    expect(await lift(rig.journal, id, testTerminal())).toBe(1)
    expect(await lift(rig.journal, id, testTerminal([]))).toBe(0)
    expect(await call({ didParams: [one] })).toMatchObject({ status: 'waiting' })
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
})
