import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Asked } from '../../src/domain/facts.ts'
import type { YesKind } from '../../src/domain/yes-kind.ts'
import type { Journal } from '../../src/journal/journal.ts'
import type { Operation } from '../../src/journal/operation.ts'
import type { Question } from '../../src/journal/question.ts'
import { sha256 } from '../../src/operations/binding.ts'
import { type OpenDoor, openDoor } from '../../src/operations/create-operations.ts'
import type { FormAnswer, WriteRequest } from '../../src/operations/door.ts'
import { perform } from '../../src/operations/perform.ts'
import { proofAsked } from '../../src/operations/preview.ts'
import { builtIn } from '../../src/policy/policy.ts'
import { engines, openAt } from '../journal/support/engines.ts'
import { say } from '../journal/support/intents.ts'
import type { Place } from '../journal/support/places.ts'
import { openRig, quietMs, type Rig } from '../support/rig.ts'
import { owned as one, alsoOwned as two } from './support/numbers.ts'

/** Calls that share numbers: a yes to one of them must be of no use to another. */
const calls: readonly (readonly Asked[])[] = [
  [{ tn: one, epg: 13550 }],
  [{ tn: one, epg: 8675 }],
  [
    { tn: one, epg: 13550 },
    { tn: two, epg: 13550 },
  ],
  [{ tn: two, epg: 13550, refId: 'desk 4' }],
]
const callers = ['ann@desk', 'bob@desk'] as const

/** What comes back for a question: what was typed is `right` or `wrong`. */
type Reply = 'right' | 'wrong' | 'declined' | 'cancelled' | 'timed_out'
type Step =
  | { do: 'ask'; call: number; caller: number; kind: YesKind }
  | { do: 'answer'; which: number; reply: Reply; call: number | 'same'; caller: number | 'same'; twice: boolean }
  /** The secret of a form as a ticket, or of a ticket as a form. */
  | { do: 'confuse'; which: number }
  | { do: 'wait'; ms: number }
  | { do: 'change'; tn: string; epg: number }
  | { do: 'restart' }

const index = fc.nat({ max: 30 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      call: fc.nat({ max: calls.length - 1 }),
      caller: fc.nat({ max: 1 }),
      kind: fc.constantFrom<YesKind>('form', 'ticket', 'approval'),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      which: index,
      reply: fc.oneof(
        { weight: 5, arbitrary: fc.constant<Reply>('right') },
        { weight: 3, arbitrary: fc.constantFrom<Reply>('wrong', 'declined', 'cancelled', 'timed_out') },
      ),
      call: fc.oneof({ weight: 4, arbitrary: fc.constant('same' as const) }, fc.nat({ max: calls.length - 1 })),
      caller: fc.oneof({ weight: 4, arbitrary: fc.constant('same' as const) }, fc.nat({ max: 1 })),
      twice: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('confuse' as const), which: index }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(500, 2000, 2000, 60_000, 301_000) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      tn: fc.constantFrom(one, two),
      epg: fc.constantFrom(8674, 8675, 13550),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
)

/** A question as the one who put it remembers it. */
interface Put {
  kind: YesKind
  /** The row's id. */
  row: string
  /** What the one who was asked holds. */
  secret: string
  call: number
  caller: number
}

describe.each(engines)('questions over the journal on $engine', ({ place }) => {
  let rig: Rig
  beforeEach(async () => {
    rig = await openRig()
  })
  afterEach(() => rig.close())

  test('whatever comes back, each is spent once at most, by its own proof, and only for what it showed', async () => {
    let spent = 0
    let closed = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 24 }), async (steps) => {
        const world = await openWorld(rig, place())
        for (const next of steps) await world.take(next)
        const questions = await world.questions()
        await hold(world.journal(), questions)
        spent += questions.filter(({ state }) => state === 'spent').length
        closed += questions.filter(({ state }) => !['spent', 'given', 'waiting'].includes(state)).length
        await world.journal().close()
      }),
      { numRuns: 25, endOnFailure: true },
    )
    // Neither is so rare that nothing was shown.
    expect(spent).toBeGreaterThan(0)
    expect(closed).toBeGreaterThan(0)
  })
})

/** Operations and spent questions are the same ones, and say the same. */
async function hold(journal: Journal, questions: readonly Question[]): Promise<void> {
  const { operations } = await journal.readOperations({ limit: 100 })
  const spent = questions.filter(({ state }) => state === 'spent')
  expect(spent.map(({ operationId }) => operationId).sort()).toEqual(operations.map(({ id }) => id).sort())
  for (const question of spent) {
    const operation = operations.find(({ id }) => id === question.operationId)
    expect(operation).toMatchObject({ caller: question.caller, tool: question.tool })
    const { shown, refused } = question
    const rows = operation?.rows.map(({ tn, asked, before }) => ({ tn, facts: before, asked })) ?? []
    expect(rows.filter(({ tn }) => !refused.some((row) => row.tn === tn))).toEqual(shown)
  }
}

async function openWorld(rig: Rig, where: Place) {
  let journal = await openAt(where)
  let door = doorOf(rig, journal)
  const put: Put[] = []
  const proofs = new Map<string, string>()
  for (const tn of [one, two]) setGroup(rig, tn, 8674)

  const ask = async ({ call, caller, kind }: { call: number; caller: number; kind: YesKind }) => {
    const confirmation = { ...builtIn.confirmation, mode: kind === 'approval' ? ('human' as const) : ('auto' as const) }
    rig.policy = { ...builtIn, confirmation }
    const before = new Set(operationIds(await operationsOf(journal)))
    const elicitation = kind === 'form' ? { elicitation: 'between_calls' as const } : {}
    const answer = await perform(door, requestOf(call), { name: callers[caller] ?? '', ...elicitation }).catch(
      () => undefined,
    )
    if (answer === undefined) return
    if ('form' in answer) {
      const row = sha256(answer.form.id)
      put.push({ kind, row, secret: answer.form.id, call, caller })
      return
    }
    const { ticket, approvalId } = answer.confirmation ?? {}
    if (ticket) put.push({ kind: 'ticket', row: sha256(ticket), secret: ticket, call, caller })
    else if (approvalId) {
      if (!put.some(({ row }) => row === approvalId)) {
        put.push({ kind: 'approval', row: approvalId, secret: approvalId, call, caller })
      }
    }
    // What a call without a proof may set off is what its own approval was given for.
    for (const operation of (await operationsOf(journal)).filter(({ id }) => !before.has(id))) {
      expect(operation.confirmedBy).toBe('approval by eve')
      const question = await questionOf(operation)
      expect(question).toMatchObject({ kind: 'approval', caller: callers[caller] })
      expect(proofs.get(question?.id ?? '')).toBe('given')
    }
  }

  const questionOf = async ({ id }: Operation) => (await questions()).find(({ operationId }) => operationId === id)
  const questions = async () => {
    const all = await Promise.all([...new Set(put.map(({ row }) => row))].map((row) => journal.readQuestion(row)))
    return all.flatMap((question) => question ?? [])
  }

  const answer = async (which: Put, { reply, call, caller, twice }: Extract<Step, { do: 'answer' }>) => {
    const question = await journal.readQuestion(which.row)
    const at = rig.clock.now()
    if (which.kind === 'approval') {
      const given = reply === 'right'
      if (await say(journal, which.row, { given, by: 'eve', at })) proofs.set(which.row, given ? 'given' : 'denied')
      return
    }
    const before = new Set(operationIds(await operationsOf(journal)))
    const request = requestOf(call === 'same' ? which.call : call)
    const who = callers[caller === 'same' ? which.caller : caller] ?? ''
    const come = () =>
      which.kind === 'ticket'
        ? perform(door, { ...request, confirmation: reply === 'right' ? which.secret : 'ticket_wrong' }, { name: who })
        : perform(
            door,
            { ...request, answer: { question: which.secret, said: saidOf(reply, question) } },
            { name: who, elicitation: 'between_calls' },
          )
    await Promise.allSettled(twice ? [come(), come()] : [come()])
    const begun = (await operationsOf(journal)).filter(({ id }) => !before.has(id))
    expect(begun.length).toBeLessThanOrEqual(1)
    if (begun.length === 0) return
    // Only its own proof, in its time, for its own call and caller.
    expect(reply).toBe('right')
    expect(request.rows).toEqual(calls[which.call])
    expect(who).toBe(callers[which.caller])
    expect(['given', 'waiting']).toContain(question?.state)
    expect(at).toBeLessThan(question?.expiresAt ?? 0)
    if (which.kind === 'form') expect(at - (question?.putAt ?? at)).toBeGreaterThanOrEqual(1000)
    expect((await journal.readQuestion(which.row))?.operationId).toBe(begun[0]?.id)
  }

  return {
    journal: () => journal,
    questions,
    async take(next: Step): Promise<void> {
      const sent = rig.sent().length
      const before = operationIds(await operationsOf(journal))
      const groups = new Map([one, two].map((tn) => [tn, groupOf(rig, tn)]))
      const which = 'which' in next ? put[next.which % Math.max(put.length, 1)] : undefined
      if (next.do === 'ask') await ask(next)
      else if (next.do === 'wait') rig.clock.advance(next.ms)
      else if (next.do === 'change') setGroup(rig, next.tn, next.epg)
      else if (next.do === 'restart') {
        await journal.close()
        journal = await openAt(where)
        door = doorOf(rig, journal)
      } else if (which && next.do === 'answer') await answer(which, next)
      else if (which && next.do === 'confuse') {
        const { call, caller, secret } = which
        const who = { name: callers[caller] ?? '' }
        const said = saidOf('right', await journal.readQuestion(which.row))
        const wrongWay = which.kind === 'form' ? { confirmation: secret } : { answer: { question: secret, said } }
        await expect(perform(door, { ...requestOf(call), ...wrongWay }, who)).rejects.toMatchObject({
          code: 'CONFIRMATION_MISMATCH',
        })
      }
      expect(rig.sent().length - sent).toBeLessThanOrEqual(1)
      if (rig.sent().length === sent) return
      // What reached the carrier was, at that moment, what had been shown.
      const operation = (await operationsOf(journal)).find(({ id }) => !before.includes(id))
      expect(operation).toBeDefined()
      for (const { tn, outcome, before } of operation?.rows ?? []) {
        if (outcome === 'done') expect(groups.get(tn)).toBe(before.epg)
      }
    },
  }
}

/** The door of a process that has just begun. */
function doorOf({ door, carrier, clock }: Rig, journal: Journal): OpenDoor {
  const { account, policy, deadlineMs, log } = door
  return openDoor({
    account,
    carrier,

    journal: async () => journal,
    policy,
    clock,
    quietMs,
    deadlineMs,
    log,
  })
}

const requestOf = (call: number): WriteRequest => ({
  tool: { name: 'configDID', effect: 'change' },
  rows: calls[call] ?? [],
})

const operationsOf = async (journal: Journal) => (await journal.readOperations({ limit: 100 })).operations
const operationIds = (operations: readonly Operation[]) => operations.map(({ id }) => id)

function saidOf(reply: Reply, question: Question | undefined): FormAnswer {
  if (reply === 'right') return { ended: 'answered', typed: proofAsked(question?.shown ?? []).expected }
  return reply === 'wrong' ? { ended: 'answered', typed: '9' } : { ended: reply }
}

const groupOf = ({ sandbox }: Rig, tn: string): number => sandbox.inventory.truth(tn).epg

function setGroup(rig: Rig, tn: string, epg: number): void {
  rig.sandbox.inventory.config({ tn, epg, cnam: false, refId: '' })
}
