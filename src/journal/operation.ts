import type { JournalAccount } from '../domain/account.ts'
import type { WriteEffect } from '../domain/effect.ts'
import type { Facts, Settings } from '../domain/facts.ts'

/** One operation, from its intent to its outcome, and whose it is. Times are milliseconds since 1970, UTC. */
export interface Operation extends Undertaking {
  status: OperationStatus
  startedAt: number
  /** The moment when its last number was final; absent while one is open or uncertain. */
  endedAt?: number | undefined
  counts: Counts
  /** The operation's numbers, sorted by number. */
  rows: OperationRow[]
}

/** An operation before it is recorded. */
export interface Intent extends Undertaking {
  /** The question whose yes this intent spends. */
  questionId?: string | undefined
  /** Whether the policy asked for a yes; then a no that stands on one of the numbers refuses the intent. */
  neededYes: boolean
  at: number
  /** The numbers to be sent: they are claimed, and counted in the budgets. */
  rows: readonly IntentRow<Own, Own>[]
  /**
   * The numbers that the same call asked for and that are settled already: recorded with the reason, neither claimed nor
   * counted.
   */
  refused?: readonly RefusedRow<Own, Own>[] | undefined
}

/** A number that was looked at and is not sent. */
export type RefusedRow<A extends Own = Settings, F extends Own = Facts> = IntentRow<A, F> &
  Pick<Settled<F>, 'outcome' | 'code' | 'meaning' | 'after'>

/** The facts that an intent and its operation share: who does what for whom, and on whose yes. */
interface Undertaking {
  /** The operation's id: random, never used again. */
  id: string
  account: JournalAccount
  /** The writing tool's name. */
  tool: string
  effect: WriteEffect
  /** The caller's name: `user@host` over stdio, the token's subject over HTTP. */
  caller: string
  /** The name that the caller's client claims, at most 60 characters: bound to nothing, matched by no policy. */
  client?: string | undefined
  /** The model's own words, unverified. */
  reason?: string | undefined
  /** Who said yes, for a person: `policy`, `person`, `ticket`, `approval by NAME`. */
  confirmedBy: string
}

/** Every status that an operation can have. */
export const operationStatuses = ['open', 'done', 'partly_done', 'failed', 'uncertain'] as const

/** The status of an operation: `open` while a number has no outcome, else as {@link statusOf} says. */
export type OperationStatus = (typeof operationStatuses)[number]

/** What is known of one number after a write: docs/write-path.md. */
export const outcomes = ['done', 'failed', 'uncertain', 'not_attempted'] as const

export type Outcome = (typeof outcomes)[number]

/**
 * A JSON object with a write's own keys: what it asks of a number, and what it knows of one. The journal keeps it whole and
 * reads none of it. The types below that take it as a parameter stand for a DID's write unless told.
 */
export type Own = { readonly [key: string]: unknown }

/** One number's outcome, with all that is known of how it came about. */
export interface Settled<F extends Own = Facts> {
  tn: string
  outcome: Outcome
  /** The carrier's code. */
  code?: number | undefined
  /** The outcome's meaning in words, for a person. */
  meaning?: string | undefined
  /** The carrier's own words, untrusted, without what cannot be seen, at most 200 characters. */
  words?: string | undefined
  /** The number's state that the carrier answered, or that was seen since; never what was asked. */
  after?: F | undefined
  heldUntil?: number | undefined
  /** Whether the outcome was seen at the carrier instead of answered by it. */
  inferred?: boolean | undefined
  /** The end of the fence: until then an unread request may still land. It is kept whatever the outcome. */
  fencedUntil?: number | undefined
  /** The person who settled this number by their word, which stands over everything. */
  resolvedBy?: string | undefined
  /** Whether it was settled outside the call that asked for it, so that nobody was told yet. */
  late?: boolean | undefined
  /** The earliest reading since which nothing changed: two that agree are asked for before `failed` is believed. */
  seen?: Seen<F> | undefined
}

/** A reading of a number. */
export interface Seen<F extends Own = Facts> {
  at: number
  facts: F
}

/** One number of an operation; without an outcome it is open. */
export interface OperationRow<A extends Own = Settings, F extends Own = Facts>
  extends IntentRow<A, F>,
    Partial<Omit<Settled<F>, 'tn'>> {
  /** The moment when the request was about to leave; absent while it was never sent. */
  sentAt?: number | undefined
}

/** How many of an operation's numbers ended how; those still open count as {@link outcomeNow} says. */
export interface Counts {
  done: number
  failed: number
  uncertain: number
  notAttempted: number
}

/** One number of an intent: what is asked of it, and what it was when it was last read. */
export interface IntentRow<A extends Own = Settings, F extends Own = Facts> {
  tn: string
  asked: A
  before: F
}

/** A query for operations; each field that is given narrows it. */
export interface OperationQuery {
  /** The account whose operations are asked for; absent: every account in the journal. */
  account?: JournalAccount | undefined
  tn?: string | undefined
  tool?: string | undefined
  /** The label of the accounts that are asked for, whichever accounts bear it. */
  label?: string | undefined
  caller?: string | undefined
  /** The reason that a call gave, whole. */
  reason?: string | undefined
  /** The earliest start, milliseconds since 1970, itself included. */
  since?: number | undefined
  /** The end of the starts that are asked for, milliseconds since 1970, itself not included. */
  until?: number | undefined
  status?: OperationStatus | undefined
  /** The most operations on the page. */
  limit: number
  /** The last operation of the page before: its start and id. */
  after?: { startedAt: number; id: string } | undefined
}

/** A page of operations, newest first. */
export interface OperationPage {
  operations: Operation[]
  /** Whether there are older operations that fit the query. */
  more: boolean
}

/** One number of an operation, together with what is needed to settle it or to speak of it. */
export interface Unsettled {
  operationId: string
  tool: string
  effect: WriteEffect
  startedAt: number
  row: OperationRow
  /** Whether the number was written again since: then its present state tells nothing about this operation. */
  overtaken: boolean
}

/** The status that follows from the outcomes of an operation's numbers (docs/write-path.md). */
export function statusOf(counts: Counts): Exclude<OperationStatus, 'open'> {
  if (counts.uncertain > 0) return 'uncertain'
  if (counts.done === 0) return 'failed'
  return counts.failed + counts.notAttempted === 0 ? 'done' : 'partly_done'
}

/** How the numbers of an operation stand now. */
export function countOutcomes(rows: readonly Pick<OperationRow, 'outcome' | 'sentAt'>[]): Counts {
  const counts: Counts = { done: 0, failed: 0, uncertain: 0, notAttempted: 0 }
  for (const row of rows) counts[counters[outcomeNow(row)]]++
  return counts
}

/**
 * Tells what is known of a number now. A number that is being sent has no outcome yet: the write may have taken effect, or
 * not.
 */
export function outcomeNow({ outcome, sentAt }: Pick<OperationRow, 'outcome' | 'sentAt'>): Outcome {
  return outcome ?? (sentAt === undefined ? 'not_attempted' : 'uncertain')
}

const counters = { done: 'done', failed: 'failed', uncertain: 'uncertain', not_attempted: 'notAttempted' } as const
