import type { Used } from '../domain/budget.ts'
import type { Asked } from '../domain/facts.ts'
import type { YesKind } from '../domain/yes-kind.ts'
import type { Journal, No, Refused } from '../journal/journal.ts'
import type { Intent, IntentRow, RefusedRow, Unsettled } from '../journal/operation.ts'
import type { Question, ShownFacts, TicketUse } from '../journal/question.ts'
import { type Decision, decide } from '../policy/decide.ts'
import { type Policy, tierAllowed } from '../policy/policy.ts'
import { isWeaker } from '../policy/yes.ts'
import { type Asking, agree, whyNoTicket, yesWantedOf } from './agree.ts'
import { declinedBefore, ended, nothingToSend, withoutYes } from './answers.ts'
import { newId } from './binding.ts'
import type { Caller, Door, WriteRequest } from './door.ts'
import { dryRun } from './dry-run.ts'
import type { Envelope, RowOutcome } from './envelope.ts'
import type { FormToPut } from './form.ts'
import { settleDue } from './orphans.ts'
import { type Plan, plan, resolve } from './plan.ts'
import { previewLines } from './preview.ts'
import { type Given, hearForm, lookUpApproval, lookUpTicket } from './proof.ts'
import { numbersOf } from './readings.ts'
import { refusalFor } from './refusal.ts'
import { send } from './send.ts'
import { readAll } from './survey.ts'
import type { Write } from './write.ts'
import { writes } from './writes.ts'

/**
 * The one door for writes: resolve, decide, look, agree, record, send, settle. It never waits for a person: where one is
 * to be asked in the client it returns the form, and is entered again with the same request and what came of it.
 *
 * @returns the envelope, always, once an operation is recorded; or a form that is to be put.
 * @throws Refusal, CarrierError or JournalUnavailable before that: nothing was changed then.
 */
export async function perform(door: Door, request: WriteRequest, caller: Caller): Promise<Envelope | FormToPut> {
  const { tool } = request
  const write = writes[tool.name]
  const asked = resolve(request.rows)
  const tns = numbersOf(asked)
  if (request.dryRun) return dryRun(door, write, request, asked, caller)
  const heard = request.answer && (await hearForm(door, request, request.answer, asked, caller))
  if (heard && 'form' in heard) return heard
  if (heard && 'ended' in heard) {
    return withoutYes(door, write, planOf(heard.question, asked), heard.ended, await newsOf(door, tns))
  }
  const policy = door.policy()
  const journal = await door.journal()
  await door.outbox.bringIn()

  const { verdict } = allowed(policy, request, asked, await journal.used(door.account, door.clock.now()))
  const mustConfirm = verdict === 'confirm'
  const mayAsk = mustConfirm && yesWantedOf(policy, tool, tns, caller) === 'form'
  const proven = heard ?? (await lookUpTicket(door, journal, request, asked, caller, mayAsk))
  const noes = mustConfirm ? await journal.noes(door.account, tool.name, tns, door.clock.now()) : []
  if (noes.length > 0) return declinedBefore(door, write, asked, noes)
  await settleDue(door, { tns, signal: caller.signal })
  const busy = await journal.busy(door.account, tns, door.clock.now())
  if (busy.length > 0) throw refusalFor({ why: 'busy', busy })

  const given = proven ?? (mustConfirm ? await lookUpApproval(door, journal, request, asked, caller) : undefined)
  // What a yes was given on is what is recorded; the reading under the claim takes out what changed since.
  const planned: WhatToSend = given
    ? planOf(given.question, asked)
    : await planFresh(door, policy, write, request, asked, caller)
  if (planned.rows.length === 0) return nothingToSend(door, write, planned.refused, await newsOf(door, tns))
  if (given === undefined && mustConfirm) {
    const asking = await askingFor(door, journal, policy, write, request, asked, planned)
    const put = await agree(door, journal, asking, caller)
    return 'form' in put ? put : withoutYes(door, write, planned, put, await newsOf(door, tns))
  }

  const { rows, refused } = planned
  const confirmedBy = given?.confirmedBy ?? 'policy'
  const intent = await recordIntent(
    door,
    journal,
    write,
    request,
    { asked, rows, refused, given, confirmedBy, neededYes: mustConfirm },
    caller,
  )
  if ('noes' in intent) return declinedBefore(door, write, asked, intent.noes)
  const { id } = intent
  const settled = await send(door, { id, write, rows }, caller)
  door.watch.follow(id, settled)
  door.retention.soon()
  return ended(door, write, { id, confirmedBy, rows, settled, refused }, await newsOf(door, tns))
}

type WhatToSend = Pick<Plan, 'rows' | 'refused'>

/** What stood in a question: the numbers that its yes lets go, as they were shown, and those that were settled before it. */
function planOf(question: Question | undefined, asked: readonly Asked[]): WhatToSend {
  if (question === undefined) {
    return { rows: [], refused: asked.map(({ tn }) => ({ tn, outcome: 'not_attempted' as const })) }
  }
  const { shown, refused } = question
  return { rows: shown.map(({ tn, facts, asked }) => ({ tn, asked, before: facts })), refused: [...refused] }
}

/** More wait for the next answer. */
const newsAtOnce = 10

/** What nobody was told yet of these numbers: asked for only where an answer goes out, and never in its way. */
async function newsOf(door: Door, tns: readonly string[]): Promise<Unsettled[]> {
  try {
    const journal = await door.journal()
    return await journal.news(door.account, tns, newsAtOnce)
  } catch {
    return []
  }
}

/** Step 2. */
function allowed(policy: Policy, { tool }: WriteRequest, rows: readonly Asked[], used: Used) {
  const decision = decide(policy, { tool, rows, used })
  if (decision.verdict === 'deny') throw refusalFor({ why: 'denied', ...decision })
  return decision
}

interface Agreed {
  asked: readonly Asked[]
  rows: readonly IntentRow[]
  refused: readonly RowOutcome[]
  given: Given | undefined
  confirmedBy: string
  neededYes: boolean
}

/**
 * Step 5: the operation's id, or the noes that were said since the call began.
 * @throws Refusal where the policy, the budgets, a claim or a spent yes stand in the way.
 */
async function recordIntent(
  door: Door,
  journal: Journal,
  write: Write,
  { tool, ...request }: WriteRequest,
  { asked, rows, refused, given, confirmedBy, neededYes }: Agreed,
  caller: Caller,
): Promise<{ id: string } | { noes: readonly No[] }> {
  const intent: Intent = {
    id: newId('op'),
    account: door.account,
    tool: tool.name,
    effect: tool.effect,
    caller: caller.name,
    reason: request.reason,
    confirmedBy,
    questionId: given?.question.id,
    neededYes,
    at: door.clock.now(),
    rows,
    refused: recordable(asked, refused),
  }
  // The policy is asked again, inside the transaction, with the budgets as they are there.
  const policy = door.policy()
  const kind = given?.question.kind
  const recorded = await journal.record(intent, (used, tickets) =>
    deniedNow(policy, write, tool, { asked, rows, used, kind, tickets, caller }),
  )
  if (recorded.recorded) return { id: intent.id }
  const { refused: why } = recorded
  if (why.why === 'declined') return { noes: why.noes }
  throw refusalFor(why)
}

/** The policy may have been tightened while a person was asked, or since a ticket was given: then it is what stands. */
function deniedNow(policy: Policy, { price }: Write, tool: WriteRequest['tool'], now: Now): Refused | undefined {
  const decision: Decision = decide(policy, { tool, rows: now.asked, used: now.used })
  if (decision.verdict === 'deny') return { why: 'denied', ...decision }
  const changed = (reason: string): Refused => {
    return { why: 'denied', code: 'POLICY_DENIED', reason: `The policy changed while this call ran: ${reason}` }
  }
  const dear = price ? now.rows.filter(({ before }) => !tierAllowed(policy, tool.effect, price.tier(before))) : []
  const tiers = numbersOf(dear)
  if (tiers.length > 0) return changed(`the tier of ${tiers.slice(0, 10).join(', ')} is no longer allowed.`)
  if (decision.verdict === 'allow') return undefined
  const { kind, tickets } = now
  if (kind === undefined) return changed(`${tool.name} needs a confirmation now.`)
  const tns = numbersOf(now.rows)
  const wanted = yesWantedOf(policy, tool, tns, now.caller)
  if (isWeaker(kind, wanted)) {
    return changed(`${yesWords[kind]} is no longer enough, ${yesWords[wanted]} is wanted; make the call without it.`)
  }
  if (tickets === undefined) return undefined
  const covered = { covered: tickets.spent, waiting: tickets.waiting }
  if (!isWeaker(kind, yesWantedOf(policy, tool, tns, now.caller, covered))) return undefined
  const reason = `${whyNoTicket(tns, covered)} Make the same call without the ticket: a person is asked to approve it.`
  return { why: 'denied', code: 'POLICY_DENIED', reason }
}

/** A call in the moment in which its intent is recorded. */
interface Now {
  asked: readonly Asked[]
  rows: readonly IntentRow[]
  used: Used
  /** Of the yes that it spends. */
  kind: YesKind | undefined
  tickets: TicketUse | undefined
  caller: Caller
}

const yesWords: { readonly [kind in YesKind]: string } = {
  ticket: 'a ticket',
  form: "a person's yes in the client",
  approval: 'an approval outside of the client',
}

/** Step 3: every number read fresh. */
async function planFresh(
  door: Door,
  policy: Policy,
  write: Write,
  request: WriteRequest,
  asked: readonly Asked[],
  caller: Caller,
): Promise<Plan> {
  const tns = numbersOf(asked)
  return plan(policy, write, request.tool, asked, await readAll(door, write.look, tns, caller.signal))
}

async function askingFor(
  door: Door,
  journal: Journal,
  policy: Policy,
  write: Write,
  request: WriteRequest,
  asked: readonly Asked[],
  planned: WhatToSend,
): Promise<Asking> {
  const tns = numbersOf(planned.rows)
  const uncertain: Unsettled[] = await journal.uncertain(door.account, tns)
  return {
    request,
    policy,
    asked,
    shown: planned.rows.map(({ tn, asked, before: facts }): ShownFacts => ({ tn, facts, asked })),
    refused: recordable(asked, planned.refused),
    preview: (most) => previewLines(write, door.account.environment, planned, uncertain, most),
  }
}

/** What the answer says of the numbers that are not sent, for the journal to say the same. */
function recordable(asked: readonly Asked[], refused: readonly RowOutcome[]): RefusedRow[] {
  const byNumber = new Map(asked.map((row) => [row.tn, row]))
  return refused.map(({ tn, outcome = 'failed', code, meaning, before = { status: 'unknown' }, after }) => {
    const { tn: _, ...settings } = { ...byNumber.get(tn) }
    return { tn, asked: settings, before, outcome, code, meaning, after }
  })
}
