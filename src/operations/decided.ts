import { decide } from '../policy/decide.ts'
import { declinedBefore } from './answers.ts'
import type { Decided, End, EnteredCall, Given } from './at-the-door.ts'
import { settleDue } from './orphans.ts'
import { approvalFor, givenBy, lookUpTicket } from './proof.ts'
import { refusalFor } from './refusal.ts'
import { yesWantedOf } from './yes-wanted.ts'

/**
 * Step 2, on what the arguments say: the policy, a person's no that stands, and whether the numbers are free.
 *
 * @param heard the yes of a form that this call is the answer to
 * @throws Refusal where the policy denies it, a ticket is none of this call's, or a number is held
 */
export async function decideOn(call: EnteredCall, heard: Given | undefined): Promise<Decided | End> {
  const { door, journal, policy, request, caller, asked, tns } = call
  const { tool } = request
  const { account, clock } = door
  const decision = decide(policy, { tool, rows: asked, used: await journal.countUsed(account, clock.now()) })
  if (decision.verdict === 'deny') throw refusalFor({ why: 'denied', ...decision })
  const mustConfirm = decision.verdict === 'confirm'
  const mayAsk = mustConfirm && yesWantedOf(policy, tool, tns, caller) === 'form'
  const proven = heard ?? (await lookUpTicket(call, mayAsk))
  const noes = mustConfirm ? await journal.readNoes(account, tool.name, tns, clock.now()) : []
  if (noes.length > 0) return { end: await declinedBefore(call, noes) }
  await settleDue(door, { tns, signal: caller.signal })
  const busy = await journal.readBusy(account, tns, clock.now())
  if (busy.length > 0) throw refusalFor({ why: 'busy', busy })
  const approval = mustConfirm && proven === undefined ? await approvalFor(call) : undefined
  const given = proven ?? (approval?.state === 'given' ? givenBy(approval) : undefined)
  return { mustConfirm, given, standing: approval?.state === 'waiting' ? approval : undefined }
}
