/** Somebody who can be asked inside the call: the person in front of the client. */
export interface Confirmer {
  /** Asks once. Never throws for an answer that did not come; `signal` ends the wait as `cancelled`. */
  ask(question: Question): Promise<Answer>
}

export interface Question {
  /** What a person reads, line by line; facts from the carrier, its free text already quoted and marked. */
  lines: readonly string[]
  /** The title of the form's one required field, e.g. `Last four digits of the number`. */
  field: string
  /** How long a person has, milliseconds. */
  waitMs: number
  signal?: AbortSignal | undefined
}

export type Answer = { ended: 'answered'; typed: string } | { ended: 'declined' | 'cancelled' | 'timed_out' }
