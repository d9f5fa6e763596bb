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
  /** The question's id: an approval's name, which lets nobody answer it, or the SHA-256 of a form's or a ticket's secret. */
  id: string
  /** The kind of yes that it asks for, which says who may answer it. */
  kind: YesKind
  account: JournalAccount
  caller: string
  tool: string
  effect: WriteEffect
  /** The SHA-256 over account, caller, tool and the rows as asked, which binds the yes to them. */
  binding: string
  /** The numbers that a yes lets through to the carrier, with what was shown of each. */
  shown: readonly ShownFacts[]
  /** Numbers of the same call that were settled before anybody was asked, for the operation that spends the yes. */
  refused: readonly RefusedRow[]
  /** The lines of the preview as they were read, for a person who is asked later. */
  preview: readonly string[]
  reason?: string | undefined
  createdAt: number
  expiresAt: number
}

/** The facts that somebody was shown of one number, and what the number would become. */
export interface ShownFacts {
  tn: string
  facts: Facts
  asked: Settings
}

/** A question as it stands now. */
export interface Question extends NewQuestion {
  state: QuestionState
  /** The moment when it was put last, milliseconds since 1970: a form is put again after a wrong answer. */
  putAt: number
  /** The number of wrong answers so far. */
  wrong: number
  /** The name of whoever said yes or no. */
  by?: string | undefined
  /** The moment when it was closed or spent; absent while it is open. */
  endedAt?: number | undefined
  /** The operation that spent it. */
  operationId?: string | undefined
}

/** The states in which a question can still be answered or spent; a ticket is `given` from its birth. */
export const openStates = ['waiting', 'given'] as const

/**
 * How a question stands, or how it ended for good. `denied`: a person with another right said no; `declined`: the person in
 * the client said no; `mistyped`: answered wrongly twice; `unasked`: answered sooner than a person can, so by the client
 * itself; `withdrawn`: another question took its place, or the journal was restored.
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
  /** The number of wrong answers, this one included; absent: as before. */
  wrong?: number
  /** The moment when the question is put again; absent: it is not. */
  putAt?: number
  /** The new end of the time to answer; absent: as before. */
  expiresAt?: number
  /** The name of whoever gave the answer. */
  by?: string
  /** A no on all of its numbers that stands until then, and the id by which it is lifted. */
  no?: { id: string; until: number }
}

/** What counts against a caller's tickets for one tool: numbers, each once. */
export interface TicketUse {
  /** Numbers that are covered by tickets spent within the last hour. */
  spent: readonly string[]
  /** Numbers that are covered by tickets that are given and can still be spent. */
  given: readonly string[]
  /** Numbers in approvals that wait for a person, of whichever caller at this place. */
  waiting: readonly string[]
}
