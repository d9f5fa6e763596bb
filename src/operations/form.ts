import type { Question } from '../journal/question.ts'
import type { Door } from './door.ts'
import type { Envelope } from './envelope.ts'
import { proofAsked } from './preview.ts'

/** A form that is to be put to the person in the client; whoever puts it enters the door again with its id and what came. */
export interface FormToPut {
  form: {
    /** 128 bits, the proof that whoever answers was asked. Of a form inside a call it never leaves the process. */
    id: string
    /** What a person reads, line by line; facts from the carrier, its free text already quoted and marked. */
    lines: readonly string[]
    /** The title of the form's one required field, e.g. `Last four digits of the number`. */
    field: string
    /** How long a person has, milliseconds. */
    waitMs: number
  }
}

/** What ends a call without a yes. */
export type WithoutYes = Pick<Envelope, 'status' | 'summary' | 'confirmation'>

/** What a form begins with where the answer before was wrong. */
export const tryAgain = 'That was not it. Please type it again, or decline.'

/** The form of a question that waits for its answer, for the first time or once more. */
export function putForm(door: Door, { preview, shown, wrong, expiresAt }: Question, id: string): FormToPut {
  const { field } = proofAsked(shown)
  const lines = wrong === 0 ? preview : [tryAgain, ...preview]
  return { form: { id, lines, field, waitMs: expiresAt - door.clock.now() } }
}
