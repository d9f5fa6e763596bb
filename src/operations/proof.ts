import type { Asked } from '../domain/facts.ts'
import type { Journal } from '../journal/journal.ts'
import type { Question } from '../journal/question.ts'
import { bindingOf, newId, sha256 } from './binding.ts'
import type { Caller, Door, FormAnswer, WriteRequest } from './door.ts'
import { type FormToPut, putForm, type WithoutYes } from './form.ts'
import { endingOf, isOpen, judgeForm, notItsQuestion, overTicket } from './heard.ts'
import { Refusal } from './refusal.ts'

/** A question that was answered: the call that brings its proof goes on from there. */
export interface Given {
  question: Question
  /** What the yes is called in the journal. */
  confirmedBy: string
}

/** What came of a form that was put: a yes, the form to be put again, or what ends the call. */
export type FormHeard = Given | FormToPut | { ended: WithoutYes; question: Question | undefined }

/**
 * Counts an answer to a form in its row, before anything else is looked at, so that a no stands whatever else is in the
 * way. Where the journal is away a yes counts for nothing, and a no is kept until it can be written.
 *
 * @throws Refusal CONFIRMATION_MISMATCH or _USED, which leave the question as it is; JournalUnavailable
 */
export async function hearForm(
  door: Door,
  request: WriteRequest,
  answer: { question: string; said: FormAnswer },
  asked: readonly Asked[],
  caller: Caller,
): Promise<FormHeard> {
  const call = { kind: 'form' as const, binding: bindingOf(door, request, asked, caller) }
  const { said } = answer
  const at = door.clock.now()
  const noId = newId('no')
  let heard: Question | undefined
  const save = async (journal: Journal) => {
    heard = await journal.answerQuestion(sha256(answer.question), (form) =>
      notItsQuestion(form, call) || !isOpen(form) ? undefined : judgeForm(form, said, at, noId),
    )
  }
  if (said.ended === 'answered') await save(await door.journal())
  else if (!(await door.outbox.keep({ save }))) return { ended: declined(said.ended), question: undefined }
  const refusal = notItsQuestion(heard, call)
  if (heard === undefined || refusal !== undefined) throw refusal
  if (heard.state === 'given') return givenBy(heard)
  if (heard.state === 'waiting') return putForm(door, heard, answer.question)
  return { ended: declined(heard.state), question: heard }
}

const declined = (how: Question['state']): WithoutYes => ({ status: 'declined', summary: endingOf(how) })

/**
 * The ticket that came along, looked up before anything is asked of the carrier.
 * @throws Refusal CONFIRMATION_MISMATCH, _EXPIRED or _USED. None of them burns the ticket.
 */
export async function lookUpTicket(
  door: Door,
  journal: Journal,
  request: WriteRequest,
  asked: readonly Asked[],
  caller: Caller,
  mayAsk: boolean,
): Promise<Given | undefined> {
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
  const ticket = await journal.question(sha256(confirmation))
  const binding = bindingOf(door, request, asked, caller)
  const refusal =
    notItsQuestion(ticket, { kind: 'ticket', binding }) ?? (ticket && overTicket(ticket, door.clock.now()))
  if (ticket === undefined || refusal !== undefined) throw refusal
  return givenBy(ticket)
}

/** The approval that a person gave for this very call, and that was not used yet. */
export async function lookUpApproval(
  door: Door,
  journal: Journal,
  request: WriteRequest,
  asked: readonly Asked[],
  caller: Caller,
): Promise<Given | undefined> {
  const approval = await journal.approvalOf(bindingOf(door, request, asked, caller), door.clock.now())
  return approval?.state === 'given' ? givenBy(approval) : undefined
}

function givenBy(question: Question): Given {
  const { kind, by = 'a person' } = question
  const confirmedBy = { form: 'person', ticket: 'ticket', approval: `approval by ${by}` }[kind]
  return { question, confirmedBy }
}
