import type { JournalAccount } from '../domain/account.ts'
import type { WriteEffect } from '../domain/effect.ts'
import type { Facts, Settings } from '../domain/facts.ts'
import type { YesKind } from '../domain/yes-kind.ts'
import type { RefusedRow } from './operation.ts'

/**
 * A question before a write: who may answer it, what it covers and what it is bound to. It is put once, answered within
 * its time and spent by one operation at most. Times are milliseconds since 1970.
 */
export interface NewQuestion {
  /** An approval's name, which lets nobody answer; of a form or a ticket the SHA-256 of its secret. */
  id: string
  /** Who may answer it. */
  kind: YesKind
  account: JournalAccount
  caller: string
  tool: string
  effect: WriteEffect
  /** SHA-256 over account, caller, tool and the rows as asked. */
  binding: string
  /** The numbers that a yes lets go, with what was shown of each. */
  shown: readonly ShownFacts[]
  /** Numbers of the same call that were settled before anybody was asked, for the operation that spends the yes. */
  refused: readonly RefusedRow[]
  /** The lines that were read, for the person who is asked later. */
  preview: readonly string[]
  reason?: string | undefined
  createdAt: number
  expiresAt: number
}

/** What somebody was shown of one number, and what it would become. */
export interface ShownFacts {
  tn: string
  facts: Facts
  asked: Settings
}

/** A question as it stands now. */
export interface Question extends NewQuestion {
  state: QuestionState
  /** When it was put last: a form is put again after a wrong answer. */
  putAt: number
  /** Wrong answers so far. */
  wrong: number
  /** Who said yes or no. */
  by?: string | undefined
  /** When it was closed or spent; absent while it is open. */
  endedAt?: number | undefined
  /** The operation that spent it. */
  operationId?: string | undefined
}

/** The states in which a question can still be answered or spent; a ticket is `given` from its birth. */
export const openStates = ['waiting', 'given'] as const

/**
 * How a question stands, or how it ended for good. `denied`: the no of a person with another right; `declined`: of the
 * person in the client; `mistyped`: wrong twice; `unasked`: answered sooner than a person can, so by the client itself;
 * `withdrawn`: another one took its place, or the journal was restored.
 */
export type QuestionState =
  | (typeof openStates)[number]
  | 'spent'
  | 'denied'
  | 'declined'
  | 'mistyped'
  | 'cancelled'
  | 'timed_out'
  | 'unasked'
  | 'withdrawn'

/** What an answer makes of a question. */
export interface Verdict {
  state: QuestionState
  at: number
  /** Wrong answers with this one; absent: as before. */
  wrong?: number
  /** It is put again now. */
  putAt?: number
  /** Absent: as before. */
  expiresAt?: number
  /** Who said it. */
  by?: string
  /** A no on all of its numbers that stands until then, and the id by which it is lifted. */
  no?: { id: string; until: number }
}

/** What counts against a caller's tickets for one tool: numbers, each once. */
export interface TicketUse {
  /** Covered by tickets that were spent within the last hour. */
  spent: readonly string[]
  /** Covered by tickets that are given and can still be spent. */
  given: readonly string[]
  /** In approvals that wait for a person, of whichever caller at this place. */
  waiting: readonly string[]
}
