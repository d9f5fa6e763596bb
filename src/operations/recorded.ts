import type { Used } from '../domain/budget.ts'
import type { YesKind } from '../domain/yes-kind.ts'
import type { Refused } from '../journal/journal.ts'
import type { Intent, IntentRow } from '../journal/operation.ts'
import type { TicketUse } from '../journal/question.ts'
import { decide } from '../policy/decide.ts'
import { tierAllowed } from '../policy/policy.ts'
import { isWeaker } from '../policy/yes.ts'
import { declinedBefore } from './answers.ts'
import type { Agreed, End, EnteredCall } from './at-the-door.ts'
import { newId } from './binding.ts'
import type { RowOutcome } from './envelope.ts'
import { recordable } from './plan.ts'
import { numbersOf } from './readings.ts'
import { refusalFor } from './refusal.ts'
import type { RecordedOperation } from './request.ts'
import { whyNoTicket, yesWantedOf } from './yes-wanted.ts'

/** An operation that stands in the journal, with what is told of it beside its rows. */
export interface RecordedCall extends RecordedOperation {
  confirmedBy: string
  refused: readonly RowOutcome[]
}

/**
 * Step 5, in one transaction: the policy once more, the yes spent, the budgets taken, the numbers claimed, the intent written.
 * A person's no that was said since the call began ends it.
 *
 * @throws Refusal where the policy, the budgets, a claim or a spent yes stand in the way.
 */
export async function record(call: EnteredCall, agreed: Agreed): Promise<RecordedCall | End> {
  const { door, journal, write, request, caller } = call
  const { tool, reason } = request
  const { given, mustConfirm, rows, refused } = agreed
  const confirmedBy = given?.confirmedBy ?? 'policy'
  const intent: Intent = {
    id: newId('op'),
    account: door.account,
    tool: tool.name,
    effect: tool.effect,
    caller: caller.name,
    client: caller.client,
    reason,
    confirmedBy,
    questionId: given?.question.id,
    neededYes: mustConfirm,
    at: door.clock.now(),
    rows,
    refused: recordable(call, refused),
  }
  const kind = given?.question.kind
  const recorded = await journal.recordIntent(intent, (used, tickets) => deniedNow(call, { rows, used, kind, tickets }))
  if (recorded.recorded) return { id: intent.id, write, confirmedBy, rows, refused }
  const { refused: why } = recorded
  if (why.why === 'declined') return { end: await declinedBefore(call, why.noes) }
  throw refusalFor(why)
}

/** The policy may have been tightened while a person was asked, or since a ticket was given: then it is what stands. */
function deniedNow({ door, write: { price }, request, asked, caller }: EnteredCall, now: Now): Refused | undefined {
  const policy = door.policy()
  const { tool } = request
  const decision = decide(policy, { tool, rows: asked, used: now.used })
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
  const wanted = yesWantedOf(policy, tool, tns, caller)
  if (isWeaker(kind, wanted)) {
    return changed(`${yesWords[kind]} is no longer enough, ${yesWords[wanted]} is wanted; make the call without it.`)
  }
  if (tickets === undefined) return undefined
  const covered = { covered: tickets.spent, waiting: tickets.waiting }
  if (!isWeaker(kind, yesWantedOf(policy, tool, tns, caller, covered))) return undefined
  const reason = `${whyNoTicket(tns, covered)} Make the same call without the ticket: a person is asked to approve it.`
  return { why: 'denied', code: 'POLICY_DENIED', reason }
}

/** A call in the moment in which its intent is recorded. */
interface Now {
  rows: readonly IntentRow[]
  used: Used
  /** The kind of the yes that it spends. */
  kind: YesKind | undefined
  tickets: TicketUse | undefined
}

const yesWords: { readonly [kind in YesKind]: string } = {
  ticket: 'a ticket',
  form: "a person's yes in the client",
  approval: 'an approval outside of the client',
}
