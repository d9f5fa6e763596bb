import { nothingToSend } from './answers.ts'
import { type Decided, type End, type EnteredCall, type Looked, newsOf } from './at-the-door.ts'
import { plan, planOf } from './plan.ts'
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
  return { ...decided, rows, refused }
}
