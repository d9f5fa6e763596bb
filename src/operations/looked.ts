import type { Policy } from '../policy/policy.ts'
import { nothingToSend } from './answers.ts'
import { type AtDoor, type Decided, type End, type EnteredCall, type Looked, newsOf } from './at-the-door.ts'
import type { ReadingDoor } from './door.ts'
import { plan, planOf } from './plan.ts'
import { Refusal } from './refusal.ts'
import { readAll } from './survey.ts'

/**
 * Step 3: every number read fresh, for the preview; a call that brings its yes goes on from what that was given on, and the
 * reading under the claim takes out what changed since.
 *
 * @throws CarrierError where a query fails
 */
export async function look(call: EnteredCall, decided: Decided): Promise<Looked | End> {
  const { door, policy, write, request, asked, tns, caller } = call
  const planned = decided.given
    ? planOf(decided.given.question, asked)
    : plan(policy, write, request.tool, asked, await readAll(door, write.look, tns, caller.signal))
  const { rows, refused } = planned
  if (rows.length === 0) return { end: nothingToSend(call, refused, await newsOf(call)) }
  const short = await shortOfBalance(call, policy)
  if (short !== undefined) {
    const next =
      'Nothing was bought. Whoever keeps the account can put money on it; whoever keeps the policy can change it.'
    throw new Refusal('LIMIT_EXCEEDED', short, { next })
  }
  return { ...decided, rows, refused }
}

/**
 * Why nothing may be bought now, where less is left of the prepaid money than the policy wants: read fresh, whatever yes came
 * along. Undefined where enough is left, or none is asked for.
 *
 * @throws CarrierError where the carrier does not say what is left: then nothing is bought either
 */
export async function shortOfBalance(
  { door, write, caller }: Pick<AtDoor, 'write' | 'caller'> & { door: Pick<ReadingDoor, 'carrier'> },
  { minimumBalance: least }: Policy,
): Promise<string | undefined> {
  if (least === null || write.price === undefined) return undefined
  const { amount } = await door.carrier.GetPrepaidBalance({ signal: caller.signal })
  if (amount >= least) return undefined
  return `The prepaid balance is ${amount}, and the policy buys nothing below ${least} (minimumBalance)`
}
