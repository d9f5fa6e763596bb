import type { YesKind } from '../domain/yes-kind.ts'
import type { TicketUse } from '../journal/question.ts'
import type { Policy } from '../policy/policy.ts'
import { yesWanted } from '../policy/yes.ts'
import type { Caller, WriteRequest } from './door.ts'

/** What a caller's tickets are held against: the numbers that they covered, and those that wait in approvals. */
export interface Tickets {
  covered: readonly string[]
  waiting: TicketUse['waiting']
}

/** The kind of yes that the policy wants of this caller for these numbers, beside what its tickets covered already. */
export function yesWantedOf(
  policy: Policy,
  { effect }: WriteRequest['tool'],
  tns: readonly string[],
  { elicitation }: Caller,
  { covered, waiting }: Tickets = { covered: [], waiting: [] },
): YesKind {
  const numbers = new Set([...tns, ...covered]).size
  const waits = tns.some((tn) => waiting.includes(tn))
  return yesWanted(policy, { effect, numbers, waits, canAsk: elicitation !== undefined })
}

/** Why tickets alone stand in the way of one more. */
export function whyNoTicket(tns: readonly string[], { waiting, covered }: Tickets): string {
  const waits = tns.filter((tn) => waiting.includes(tn))
  return waits.length > 0
    ? `${waits.slice(0, 10).join(', ')} waits in an approval, and takes no ticket until that is answered.`
    : `This caller's tickets for this tool cover ${new Set(covered).size} numbers within the last hour already.`
}
