import type { Effect } from '../domain/effect.ts'
import { type YesKind, yesKinds } from '../domain/yes-kind.ts'
import type { Policy } from './policy.ts'

/** The call that needs a yes. */
export interface Wanting {
  readonly effect: Effect
  /** How many numbers would be sent, and what the caller's tickets covered of other numbers within the last hour. */
  readonly numbers: number
  /** Whether its client can show a person a form. */
  readonly canAsk: boolean
  /** Whether one of its numbers waits in an approval, for the same tool. */
  readonly waits?: boolean
}

/** The kind of yes that a policy wants for a call that it lets through after a yes. Pure, as `decide` is. */
export function yesWanted({ confirmation }: Pick<Policy, 'confirmation'>, wanting: Wanting): YesKind {
  const { mode, trustElicitation, ticketMaxDids } = confirmation
  if (wanting.canAsk && trustElicitation === true) return 'form'
  // A form is no yes to the one who distrusts the client, and a ticket none to the one who trusts it.
  if (wanting.canAsk && trustElicitation === 'disputed') return 'approval'
  const dear = wanting.effect === 'spend' || wanting.effect === 'destroy'
  return mode === 'human' || wanting.waits === true || (dear && wanting.numbers > ticketMaxDids) ? 'approval' : 'ticket'
}

/** Whether a yes of the first kind leaves something open that one of the second does not. */
export function isWeaker(given: YesKind, wanted: YesKind): boolean {
  return yesKinds.indexOf(given) < yesKinds.indexOf(wanted)
}
