import { openStates, type Question, type QuestionState, type Verdict } from '../journal/question.ts'
import type { FormAnswer } from './door.ts'
import { proofAsked } from './preview.ts'
import { Refusal } from './refusal.ts'

/** A form that is answered sooner than this was read by nobody: the answer is the client's own. Milliseconds. */
const soonestMs = 1000

/** How long a person's no stands on its numbers, milliseconds. */
export const noStandsMs = 10 * 60_000

/** How long a yes to a form may take to be recorded, where its own time ends sooner, milliseconds. */
const recordWithinMs = 60_000

/** Wrong digits that close a form. */
const wrongAtMost = 2

/** What an answer makes of an open form. Pure; `noId` is the id of the no that it may become. */
export function judgeForm(form: Question, answer: FormAnswer, at: number, noId: string): Verdict {
  if (answer.ended === 'timed_out' || at >= form.expiresAt) return { state: 'timed_out', at }
  if (at - form.putAt < soonestMs) return { state: 'unasked', at }
  const by = form.caller
  if (answer.ended === 'declined') return { state: 'declined', at, by, no: { id: noId, until: at + noStandsMs } }
  if (answer.ended !== 'answered') return { state: 'cancelled', at }
  if (answer.typed.trim() === proofAsked(form.shown).expected) {
    return { state: 'given', at, by, expiresAt: Math.max(form.expiresAt, at + recordWithinMs) }
  }
  const wrong = form.wrong + 1
  // Asked once more: a slip of the finger is no decision.
  return wrong < wrongAtMost ? { state: 'waiting', at, wrong, putAt: at } : { state: 'mistyped', at, wrong }
}

/**
 * What the word of a person with another right makes of an approval. One that is given can still be denied until it is
 * used; a denial is a no on its numbers, lifted by the approval's id. Undefined: it is too late for that. Pure.
 */
export function judgeApproval(
  approval: Question,
  { given, by, at }: { given: boolean; by: string; at: number },
): Verdict | undefined {
  const answerable = approval.state === 'waiting' || (approval.state === 'given' && !given)
  if (approval.kind !== 'approval' || !answerable || approval.expiresAt <= at) return undefined
  return given
    ? { state: 'given', at, by }
    : { state: 'denied', at, by, no: { id: approval.id, until: at + noStandsMs } }
}

export const isOpen = ({ state }: Pick<Question, 'state'>): boolean => openStates.some((open) => open === state)

/**
 * Why a call cannot go on from the question that it names, before its answer is heard. None of these changes the question.
 *
 * @param question as it stands; undefined where nobody was asked one of this id
 * @param binding of the call that came with the answer
 */
export function notItsQuestion(
  question: Question | undefined,
  { kind, binding }: { kind: 'form' | 'ticket'; binding: string },
): Refusal | undefined {
  const { name, again } = words[kind]
  // An id that came another way than its kind's own is as good as made up.
  if (question === undefined || question.kind !== kind) {
    return new Refusal('CONFIRMATION_MISMATCH', `This server gave no such ${name}`, { next: again })
  }
  if (question.state === 'spent') {
    return new Refusal('CONFIRMATION_USED', `This ${name} was used, by operation ${question.operationId}`, {
      next: `listOperations tells how ${question.operationId} ended. A ${name} works once. ${again}`,
      details: { operationId: question.operationId },
    })
  }
  if (question.binding === binding) return undefined
  return new Refusal('CONFIRMATION_MISMATCH', `This ${name} was given for another call`, {
    next: `Repeat the call exactly as it was previewed (numbers, settings, tool), or begin anew: ${again}`,
  })
}

const words = {
  ticket: { name: 'ticket', again: 'Make the same call without `confirmation` for a new preview and ticket.' },
  form: { name: 'question', again: 'Make the call anew: the person will be asked again.' },
} as const

/** Why a ticket that is this call's own is over, if it is. */
export function overTicket(ticket: Question, now: number): Refusal | undefined {
  const { again } = words.ticket
  if (!isOpen(ticket)) {
    const message = 'This ticket is no longer valid: the journal was restored since it was given'
    return new Refusal('CONFIRMATION_EXPIRED', message, { next: again })
  }
  if (ticket.expiresAt > now) return undefined
  const expired = new Date(ticket.expiresAt).toISOString()
  return new Refusal('CONFIRMATION_EXPIRED', `This ticket expired at ${expired}`, { next: again })
}

const neverShown =
  'If this client never showed a form, its person can set "confirmation": {"trustElicitation": false} in the policy file.'

const endings: { readonly [state in QuestionState]?: string } = {
  declined: `The person declined. Nothing was sent. The answer stands for these numbers for ${noStandsMs / 60_000} minutes; do not ask again.`,
  cancelled: `The question was closed without an answer. Nothing was sent. ${neverShown}`,
  timed_out: `Nobody answered in time. Nothing was sent. ${neverShown}`,
  mistyped: 'What was typed did not match the numbers, twice. Nothing was sent.',
  unasked:
    'The answer came sooner than a person can read: it is the client’s own, and probably nobody was asked. Nothing was sent, ' +
    'and it counts neither as a yes nor as a no. If this client answers by itself, its person can set ' +
    '"confirmation": {"trustElicitation": false} in the policy file.',
}

/** How a form ended without a yes, for the call that hears of it. */
export function endingOf(state: QuestionState): string {
  return endings[state] ?? 'The question is closed. Nothing was sent. Make the call anew to ask again.'
}
