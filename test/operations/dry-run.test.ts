import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { builtIn } from '../../src/policy/policy.ts'
import { say } from '../journal/support/intents.ts'
import { allAllowed, humanMode } from '../support/policies.ts'
import { openRig, quietMs, type Rig } from '../support/rig.ts'
import { another, fresh, alsoOwned as other, owned } from './support/numbers.ts'
import { person } from './support/person.ts'

let rig: Rig
beforeEach(async () => {
  rig = await openRig()
})
afterEach(() => rig.close())

const reads = new Set(['queryDID', 'auditDIDs'])

/** The journal's file, byte for byte. */
const journalFile = () => readFileSync(join(rig.folder, 'journal.db'))

/** A dry run, that must leave carrier and journal as they were, and ask nobody. */
async function dryRun(...[tool, rows, more]: Parameters<Rig['perform']>): ReturnType<Rig['perform']> {
  const before = journalFile()
  const calls = rig.sandbox.calls.length
  try {
    return await rig.perform(tool, rows, { ...more, dryRun: true })
  } finally {
    const asked = rig.sandbox.calls.slice(calls).map(({ operation }) => operation)
    expect(asked.filter((operation) => !reads.has(operation))).toEqual([])
    expect(journalFile().equals(before)).toBe(true)
  }
}

const nobody = async () => {
  throw new Error('somebody was asked')
}

const title = (words: string) => `Sandbox, nothing is real. ${words}`
const unmade = 'Preview only: nothing was sent, nobody was asked, nothing was recorded.'
const ownedLine = `${owned}: assigned to you, in service on endpoint group 8674, tier 1, in DENVER CO, reference "DENVER" (unverified), caller name "SANDBOX 303" (unverified)`
const mark = '(unverified): text that the carrier holds, and that anybody may have written.'

describe('a dry run', () => {
  test('shows what would be released and what not, and that a ticket would be given', async () => {
    expect(await dryRun('releaseDID', [{ tn: owned }, { tn: fresh }])).toEqual({
      status: 'preview',
      environment: 'sandbox',
      summary: `${unmade} The call itself (without dryRun) would give this preview with a ticket, which is spent with the person’s yes.`,
      counts: { done: 0, failed: 1, uncertain: 0, notAttempted: 1 },
      results: [
        {
          tn: fresh,
          outcome: 'failed',
          meaning: 'it is not yours: it is in the carrier’s inventory',
          before: { status: 'available', tier: '4' },
        },
      ],
      confirmation: {
        wouldAsk: 'ticket',
        preview: [
          title('Release 1 number. This cannot be undone: another company may take a released number within a minute.'),
          ownedLine,
          `Not sent, ${fresh}: it is not yours: it is in the carrier’s inventory.`,
          mark,
        ],
      },
    })
  })

  test.each([
    ['reserveDID', [{ tn: fresh }], 'Reserve 1 number for at most 30 minutes.', 'nothing'],
    ['assignDID', [{ tn: fresh, epg: 8674 }], 'Assign 1 number. Billing starts at once', 'form'],
    ['configDID', [{ tn: owned, epg: 8675 }], 'Reconfigure 1 number in service. Live calls', 'form'],
    ['releaseDID', [{ tn: owned }], 'Release 1 number. This cannot be undone', 'form'],
  ] as const)('of %s in a client that could ask asks nobody', async (tool, rows, words, wouldAsk) => {
    const { status, confirmation } = await dryRun(tool, rows, { put: nobody })
    expect([status, confirmation?.wouldAsk]).toEqual(['preview', wouldAsk])
    expect(confirmation?.preview[0]).toContain(title(words))
    expect(confirmation).not.toHaveProperty('ticket')
    expect(confirmation).not.toHaveProperty('expiresAt')
  })

  test('of more numbers than a ticket covers says that and why an approval would be wanted', async () => {
    const rows = Array.from({ length: 11 }, (_, line) => ({ tn: `21255501${line + 10}`, epg: 8674 }))
    const { summary, confirmation } = await dryRun('assignDID', rows)
    expect(confirmation?.wouldAsk).toBe('approval')
    expect(summary).toBe(
      `${unmade} The call itself (without dryRun) would wait for a person’s approval outside of this client. ` +
        'A ticket covers 10 numbers at most where it costs money or cannot be undone (ticketMaxDids), and this call has 11.',
    )
    expect(await rig.journal.readApprovals(rig.clock.now())).toEqual([])
  })

  test('names an approval that is given already, and does not spend it', async () => {
    rig.policy = { ...builtIn, ...humanMode }
    const id = (await rig.perform('releaseDID', [{ tn: owned }])).confirmation?.approvalId ?? ''
    expect((await dryRun('releaseDID', [{ tn: owned }])).confirmation?.wouldAsk).toBe('approval')
    await say(rig.journal, id, { given: true, by: 'eve', at: rig.clock.now(), until: 0 })
    const { summary, confirmation } = await dryRun('releaseDID', [{ tn: owned }])
    expect(confirmation?.wouldAsk).toBe('nothing')
    expect(summary).toContain(`would go ahead on approval ${id}, which a person has given`)
    expect(await rig.perform('releaseDID', [{ tn: owned }])).toMatchObject({ status: 'done' })
  })

  test('where nothing is left to send says so', async () => {
    const { summary, counts, confirmation } = await dryRun('releaseDID', [{ tn: fresh }])
    expect(summary).toBe(`${unmade} The call itself would send nothing: each number says why.`)
    expect(counts).toEqual({ done: 0, failed: 1, uncertain: 0, notAttempted: 0 })
    expect(confirmation).toEqual({
      wouldAsk: 'nothing',
      preview: [
        title('Nothing is left to send.'),
        `Not sent, ${fresh}: it is not yours: it is in the carrier’s inventory.`,
      ],
    })
  })
})

describe('what would refuse the call whole is told by a dry run, all at once', () => {
  test('by the policy', async () => {
    rig.policy = {
      ...builtIn,
      protected: ['303555*'],
      endpointGroups: [13550],
      limits: { ...builtIn.limits, didsPerCall: 1 },
    }
    const { status, summary, counts, results, confirmation } = await dryRun('configDID', [
      { tn: owned, epg: 8675 },
      { tn: other, epg: 8675 },
    ])
    expect([status, confirmation?.wouldAsk, results]).toEqual(['preview', 'nothing', []])
    expect(summary).toBe(`${unmade} The call itself would be refused, see the preview.`)
    expect(counts).toEqual({ done: 0, failed: 0, uncertain: 0, notAttempted: 2 })
    expect(confirmation?.preview.filter((line) => line.startsWith('Would be refused: '))).toEqual([
      expect.stringContaining(`The policy protects ${owned}, ${other} (protected: 303555*)`),
      expect.stringContaining('The policy does not allow endpoint group 8675 (endpointGroups)'),
      expect.stringContaining('the policy allows 1 in one call (limits.didsPerCall)'),
    ])
    await expect(
      rig.perform('configDID', [
        { tn: owned, epg: 8675 },
        { tn: other, epg: 8675 },
      ]),
    ).rejects.toMatchObject({ code: 'POLICY_DENIED' })
  })

  test('by a tier, for its number alone', async () => {
    rig.policy = { ...builtIn, tiers: ['0'] }
    const { counts, confirmation } = await dryRun('assignDID', [{ tn: fresh, epg: 8674 }])
    expect(counts.failed).toBe(1)
    expect(confirmation?.preview[1]).toBe(`Not sent, ${fresh}: its tier is 4, and the policy allows tiers 0 alone.`)
  })

  test('by a limit', async () => {
    rig.policy = { ...builtIn, limits: { ...builtIn.limits, releasedPerDay: 0 } }
    const { confirmation } = await dryRun('releaseDID', [{ tn: owned }])
    expect(confirmation?.preview[1]).toMatch(/^Would be refused: .*limits\.releasedPerDay.*0 used, 1 asked, 0 left/)
  })

  test('by a no that stands', async () => {
    const asked = person()
    const call = rig.perform('releaseDID', [{ tn: owned }], { put: asked.put })
    await asked.wasAsked
    asked.says({ ended: 'declined' })
    expect(await call).toMatchObject({ status: 'declined' })
    const { confirmation } = await dryRun('releaseDID', [{ tn: owned }], { put: nobody })
    expect(confirmation?.wouldAsk).toBe('nothing')
    expect(confirmation?.preview[1]).toMatch(
      new RegExp(`^Would be refused: A person said no to ${owned} a short while ago; the no stands until 2026-`),
    )
  })

  test('by an operation that holds the number', async () => {
    rig.policy = { ...builtIn, ...allAllowed }
    const stuck = '4355550195'
    const { operationId = '' } = await rig.perform('assignDID', [{ tn: stuck, epg: 8674 }])
    const { confirmation } = await rig.perform('assignDID', [{ tn: stuck, epg: 8674 }], { dryRun: true })
    expect(confirmation?.preview[1]).toMatch(
      new RegExp(
        `^Would be refused: ${stuck} is held by ${operationId} \\(assignDID\\), until .*may still take effect\\.$`,
      ),
    )
  })
})

describe('what is no call of anybody’s is an error of a dry run, too', () => {
  test('a denied tool', async () => {
    rig.policy = { ...builtIn, tools: { releaseDID: 'deny' } }
    await expect(dryRun('releaseDID', [{ tn: owned }])).rejects.toMatchObject({ code: 'POLICY_DENIED' })
  })

  test('a number that stands twice', async () => {
    await expect(dryRun('releaseDID', [{ tn: owned }, { tn: owned }])).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  test('a ticket beside it, which is not burnt', async () => {
    const { confirmation } = await rig.perform('releaseDID', [{ tn: owned }])
    const ticket = confirmation?.ticket ?? ''
    await expect(dryRun('releaseDID', [{ tn: owned }], { confirmation: ticket })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: 'A ticket has no use beside dryRun',
    })
    expect(await rig.perform('releaseDID', [{ tn: owned }], { confirmation: ticket })).toMatchObject({ status: 'done' })
  })
})

test('news that waits to be told is told by the next real call, not used up by a dry run', async () => {
  rig.policy = { ...builtIn, ...allAllowed }
  const { operationId = '' } = await rig.perform('assignDID', [{ tn: '4355550195', epg: 8674 }])
  const settled = {
    tn: '4355550195',
    outcome: 'failed' as const,
    meaning: 'said failed by eve',
    resolvedBy: 'eve',
    late: true,
  }
  await rig.journal.settleNumbers(operationId, [settled], rig.clock.now())
  rig.clock.advance(quietMs)
  expect((await rig.perform('reserveDID', [{ tn: '4355550195' }], { dryRun: true })).summary).not.toContain(
    'Since then',
  )
  expect((await rig.perform('reserveDID', [{ tn: '4355550195' }, { tn: another }])).summary).toContain(
    `Since then: 4355550195 in ${operationId}`,
  )
})

test('a client reads the same in the text, and the ticket’s place is empty', async () => {
  const client = await rig.client()
  const answer = await client.callTool({ name: 'releaseDID', arguments: { didParams: [owned], dryRun: true } })
  expect(answer.isError).toBeUndefined()
  const [{ text } = { text: '' }] = answer.content as { text: string }[]
  expect(text.split('\n')).toEqual([
    'status: preview',
    'environment: sandbox (nothing here is real)',
    `${unmade} The call itself (without dryRun) would give this preview with a ticket, which is spent with the person’s yes.`,
    'counts: done=0, failed=0, uncertain=0, notAttempted=1',
    'confirmation:',
    'wouldAsk: ticket',
    'preview:',
    title('Release 1 number. This cannot be undone: another company may take a released number within a minute.'),
    ownedLine,
    mark,
    'results: none',
  ])
})
