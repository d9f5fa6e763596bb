import type { Used } from '../domain/budget.ts'
import type { Asked } from '../domain/facts.ts'
import type { Journal, No, Refused, ShownFacts } from '../journal/journal.ts'
import type { Intent, IntentRow, RefusedRow, Unsettled } from '../journal/operation.ts'
import { type Decision, decide } from '../policy/decide.ts'
import { type Policy, tierAllowed } from '../policy/policy.ts'
import { isWeaker, type YesKind } from '../policy/yes.ts'
import { declinedBefore, ended, nothingToSend, withoutYes } from './answers.ts'
import { type Asking, type Confirmed, confirm, lookUpTicket, newId, yesKindOf, yesWantedOf } from './confirm.ts'
import type { Caller, Door, WriteRequest } from './door.ts'
import type { Envelope, RowOutcome } from './envelope.ts'
import { type Plan, plan, resolve } from './plan.ts'
import { previewLines } from './preview.ts'
import { changedBeside, numbersOf, sameFacts } from './readings.ts'
import { settleDue, watch } from './recover.ts'
import { refusalFor } from './refusal.ts'
import { forgetOld } from './retention.ts'
import { send } from './send.ts'
import { readAll } from './survey.ts'
import { saveUnsaved } from './unsaved.ts'

/**
 * The one door for writes: resolve, decide, preview, confirm, record, send, settle.
 *
 * @returns the envelope, always, once an operation is recorded.
 * @throws Refusal, CarrierError or JournalUnavailable before that: nothing was changed then.
 */
export async function perform(door: Door, request: WriteRequest, caller: Caller): Promise<Envelope> {
  const { tool } = request
  const asked = resolve(request.rows)
  const tns = numbersOf(asked)
  const policy = door.policy()
  const journal = await door.journal()
  await saveUnsaved(door)

  const { verdict } = allowed(policy, request, asked, await journal.used(door.account, door.clock.now()))
  const mustConfirm = verdict === 'confirm'
  const mayAsk = mustConfirm && yesWantedOf(policy, tool, asked.length, caller) === 'form'
  const ticket = await lookUpTicket(door, journal, request, asked, caller, mayAsk)
  const noes = mustConfirm ? await journal.noes(door.account, tool.name, tns, door.clock.now()) : []
  if (noes.length > 0) return declinedBefore(door, asked, noes)
  await settleDue(door, { tns, signal: caller.signal })
  const busy = await journal.busy(door.account, tns, door.clock.now())
  if (busy.length > 0) throw refusalFor({ why: 'busy', busy })

  const planned = await planFresh(door, policy, request, asked, caller)
  if (planned.rows.length === 0) return nothingToSend(door, planned.refused, await newsOf(door, tns))

  const yes: Confirmed = mustConfirm
    ? await confirm(door, journal, await askingFor(door, journal, policy, request, asked, planned), caller, ticket)
    : { confirmedBy: 'policy' }
  if (!('confirmedBy' in yes)) return withoutYes(door, planned, yes, await newsOf(door, tns))
  const { rows, refused } = dropChanged(planned, yes.shown)
  if (rows.length === 0) return nothingToSend(door, refused, await newsOf(door, tns))

  const intent = await recordIntent(
    door,
    journal,
    request,
    { asked, rows, refused, yes, neededYes: mustConfirm },
    caller,
  )
  if ('noes' in intent) return declinedBefore(door, asked, intent.noes)
  const { id } = intent
  const settled = await send(door, { id, tool: tool.name, rows }, caller)
  watch(door, id, settled)
  forgetOld(door)
  return ended(door, tool.name, { id, rows, settled, refused }, await newsOf(door, tns))
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
  yes: Extract<Confirmed, { confirmedBy: string }>
  neededYes: boolean
}

/**
 * Step 5: the operation's id, or the noes that were said since the call began.
 * @throws Refusal where the policy, the budgets, a claim or a spent yes stand in the way.
 */
async function recordIntent(
  door: Door,
  journal: Journal,
  { tool, ...request }: WriteRequest,
  { asked, rows, refused, yes, neededYes }: Agreed,
  caller: Caller,
): Promise<{ id: string } | { noes: readonly No[] }> {
  const { confirmedBy, yesId } = yes
  const intent: Intent = {
    id: newId('op'),
    account: door.account,
    tool: tool.name,
    effect: tool.effect,
    caller: caller.name,
    reason: request.reason,
    confirmedBy,
    yesId,
    neededYes,
    at: door.clock.now(),
    rows,
    refused: recordable(asked, refused),
  }
  // The policy is asked again, inside the transaction, with the budgets as they are there.
  const policy = door.policy()
  const recorded = await journal.record(intent, (used) =>
    deniedNow(policy, tool, { asked, rows, used, confirmedBy, caller }),
  )
  if (recorded.recorded) return { id: intent.id }
  const { refused: why } = recorded
  if (why.why === 'declined') return { noes: why.noes }
  throw refusalFor(why)
}

/** The policy may have been tightened while a person was asked, or since a ticket was given: then it is what stands. */
function deniedNow(
  policy: Policy,
  tool: WriteRequest['tool'],
  now: { asked: readonly Asked[]; rows: readonly IntentRow[]; used: Used; confirmedBy: string; caller: Caller },
): Refused | undefined {
  const decision: Decision = decide(policy, { tool, rows: now.asked, used: now.used })
  if (decision.verdict === 'deny') return { why: 'denied', ...decision }
  const changed = (reason: string): Refused => {
    return { why: 'denied', code: 'POLICY_DENIED', reason: `The policy changed while this call ran: ${reason}` }
  }
  const tiers = now.rows.filter(({ before }) => !tierAllowed(policy, tool.effect, before.tier)).map(({ tn }) => tn)
  if (tiers.length > 0) return changed(`the tier of ${tiers.slice(0, 10).join(', ')} is no longer allowed.`)
  if (decision.verdict === 'allow') return undefined
  if (now.confirmedBy === 'policy') return changed(`${tool.name} needs a confirmation now.`)
  const given = yesKindOf(now.confirmedBy)
  const wanted = yesWantedOf(policy, tool, now.rows.length, now.caller)
  return isWeaker(given, wanted)
    ? changed(`${yesWords[given]} is no longer enough, ${yesWords[wanted]} is wanted; make the call without it.`)
    : undefined
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
  request: WriteRequest,
  asked: readonly Asked[],
  caller: Caller,
): Promise<Plan> {
  const tns = numbersOf(asked)
  return plan(policy, request.tool, asked, await readAll(door, request.tool.name, tns, caller.signal))
}

async function askingFor(
  door: Door,
  journal: Journal,
  policy: Policy,
  request: WriteRequest,
  asked: readonly Asked[],
  planned: Plan,
): Promise<Asking> {
  const tns = numbersOf(planned.rows)
  const uncertain: Unsettled[] = await journal.uncertain(door.account, tns)
  return {
    request,
    policy,
    asked,
    rows: planned.rows,
    facts: planned.rows.map(({ tn, asked, before: facts }) => ({ tn, facts, asked })),
    preview: (most) => previewLines(request.tool.name, door.account.environment, planned, uncertain, most),
  }
}

/** What the answer says of the numbers that are not sent, for the journal to say the same. */
function recordable(asked: readonly Asked[], refused: readonly RowOutcome[]): RefusedRow[] {
  const byNumber = new Map(asked.map((row) => [row.tn, row]))
  return refused.map(({ tn, outcome = 'failed', meaning, before = { status: 'unknown' }, after }) => {
    const { tn: _, ...settings } = { ...byNumber.get(tn) }
    return { tn, asked: settings, before, outcome, meaning, after }
  })
}

/** A yes given earlier covers what was shown then: a number whose facts changed since is taken out alone. */
function dropChanged(
  { rows, refused }: Plan,
  shown: readonly ShownFacts[] | undefined,
): Pick<Plan, 'rows' | 'refused'> {
  if (shown === undefined) return { rows, refused }
  const then = new Map(shown.map(({ tn, facts }) => [tn, facts]))
  const stands = (row: Plan['rows'][number]) => {
    const facts = then.get(row.tn)
    return facts !== undefined && sameFacts(facts, row.before)
  }
  const changed = rows.filter((row) => !stands(row))
  return {
    rows: rows.filter(stands),
    refused: [
      ...refused,
      ...changed.map(({ tn, before }) => ({
        tn,
        outcome: 'not_attempted' as const,
        meaning: `not sent: the number changed since the preview that was agreed to${changedBeside(then.get(tn) ?? before, before)}`,
        before: then.get(tn),
        after: before,
      })),
    ],
  }
}
