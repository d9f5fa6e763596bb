import type { Journal } from '../journal/journal.ts'
import type { Question } from '../journal/question.ts'
import { withoutYes } from './answers.ts'
import { type AtDoor, type End, type EnteredCall, type Given, newsOf } from './at-the-door.ts'
import { bindingOf, newId, sha256 } from './binding.ts'
import { putForm } from './form.ts'
import { endingOf, isOpen, judgeForm, notItsQuestion, overTicket } from './heard.ts'
import { planOf } from './plan.ts'
import { Refusal } from './refusal.ts'

/**
 * Counts an answer to a form in its row, before anything else is looked at, so that a no stands whatever else is in the
 * way. Where the journal is away a yes counts for nothing, and a no is kept until it can be written. A call that is no answer
 * goes on.
 *
 * @throws Refusal CONFIRMATION_MISMATCH or _USED, which leave the question as it is; JournalUnavailable
 */
export async function hear(entry: AtDoor): Promise<{ yes: Given | undefined } | End> {
  const { door, request, asked } = entry
  const { answer } = request
  if (answer === undefined) return { yes: undefined }
  const call = { kind: 'form' as const, binding: bindingOf(entry) }
  const { said } = answer
  // Where it cannot be opened, the answer is a no that is kept, or nothing.
  await door.journal().catch(() => undefined)
  const at = door.clock.now()
  const noId = newId('no')
  const over = async (how: Question['state'], form: Question | undefined): Promise<End> => {
    const declined = { status: 'declined' as const, summary: endingOf(how) }
    return { end: withoutYes(entry, planOf(form, asked), declined, await newsOf(entry)) }
  }
  let heard: Question | undefined
  const save = async (journal: Journal) => {
    heard = await journal.answerQuestion(sha256(answer.question), (form) =>
      notItsQuestion(form, call) || !isOpen(form) ? undefined : judgeForm(form, said, at, noId),
    )
  }
  if (said.ended === 'answered') await save(await door.journal())
  else if (!(await door.outbox.keep({ save }))) return over(said.ended, undefined)
  const refusal = notItsQuestion(heard, call)
  if (heard === undefined || refusal !== undefined) throw refusal
  if (heard.state === 'given') return { yes: givenBy(heard) }
  if (heard.state === 'waiting') return { end: putForm(door, heard, answer.question) }
  return over(heard.state, heard)
}

/**
 * The ticket that came along, looked up before anything is asked of the carrier.
 * @throws Refusal CONFIRMATION_MISMATCH, _EXPIRED or _USED. None of them burns the ticket.
 */
export async function lookUpTicket(call: EnteredCall, mayAsk: boolean): Promise<Given | undefined> {
  const { door, journal, request } = call
  const { confirmation } = request
  if (confirmation === undefined) return undefined
  if (mayAsk) {
    throw new Refusal('CONFIRMATION_MISMATCH', 'A ticket is not accepted where a person can be asked in the client', {
      next: 'Make the same call without `confirmation`: the person in front of this client will be asked.',
    })
  }
  if (confirmation.startsWith('ap_')) {
    throw new Refusal('CONFIRMATION_MISMATCH', 'An approval is not passed along', {
      next: 'Make the same call without `confirmation`: once a person has approved it, it goes ahead.',
    })
  }
  const ticket = await journal.readQuestion(sha256(confirmation))
  const binding = bindingOf(call)
  const refusal =
    notItsQuestion(ticket, { kind: 'ticket', binding }) ?? (ticket && overTicket(ticket, door.clock.now()))
  if (ticket === undefined || refusal !== undefined) throw refusal
  return givenBy(ticket)
}

/** The approval for this very call that waits for a person, or that one gave and that was not used yet. */
export function approvalFor(call: EnteredCall): Promise<Question | undefined> {
  return call.journal.readApproval(bindingOf(call), call.door.clock.now())
}

/** The yes of a question that was answered. */
export function givenBy(question: Question): Given {
  const { kind, by = 'a person' } = question
  const confirmedBy = { form: 'person', ticket: 'ticket', approval: `approval by ${by}` }[kind]
  return { question, confirmedBy }
}
