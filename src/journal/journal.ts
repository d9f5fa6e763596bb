/**
 * What was meant, asked and done, durably. The journal is asked before anything is sent (an intent is a row before it is
 * a byte) and told before anybody hears of an outcome. Times are milliseconds since 1970, UTC.
 *
 * Every method rejects with {@link JournalUnavailable} where the journal cannot be read or written; nothing was changed then.
 */
export interface Journal {
  /** What the budgets count now. */
  used(account: JournalAccount, now: number): Promise<Counted>

  /**
   * Step 5 of a write, one transaction: `decide` again on what the budgets count, spend the yes, claim every number,
   * write the intent. All of it or nothing.
   */
  record(intent: Intent, decide: (counted: Counted) => Refused | undefined): Promise<Recorded>

  /**
   * These numbers are about to be sent. Committed before the first byte leaves. Refused for a number that was sent or
   * settled before, unless the caller knows that no byte left since it said so (`again`).
   */
  sending(operationId: string, tns: readonly string[], at: number, again?: boolean): Promise<void>

  /**
   * Outcomes, committed. What was answered is never overwritten by what is inferred, nor is anything final by
   * `uncertain`; a direct answer corrects what was inferred. The operation ends with its last open number: claims go, fences stay.
   */
  settle(operationId: string, rows: readonly Settled[], at: number): Promise<void>

  /**
   * What ended on these numbers since anybody was told of them (by timer, recovery or a person), oldest first, at most so
   * many, and marks those as told. The next answer that touches the numbers says it.
   */
  news(account: JournalAccount, tns: readonly string[], most: number): Promise<Unsettled[]>

  operation(id: string): Promise<Operation | undefined>

  /** Newest first. */
  operations(query: OperationQuery): Promise<OperationPage>

  /** Claims and fences that stand on these numbers. */
  busy(account: JournalAccount, tns: readonly string[], now: number): Promise<Busy[]>

  /** Uncertain numbers of ended operations of this account, on these numbers where given; oldest first. */
  uncertain(account: JournalAccount, tns?: readonly string[]): Promise<Unsettled[]>

  /**
   * Open operations at this account's place whose owner is dead, taken over by this process: each is handed to exactly
   * one process. Another login's are among them, because their claims stand in everybody's way. Those of an embedded
   * sandbox that is gone are closed here and not handed out.
   */
  adopt(account: JournalAccount, now: number): Promise<Operation[]>

  /** A new ticket. */
  issue(yes: NewYes): Promise<void>
  /**
   * A request for an approval: the live one of the same binding, or this new one. Two callers at once get the same.
   * `instead` closes that one, whose facts no longer hold.
   */
  request(yes: NewYes, instead?: string): Promise<Yes>
  ticket(hash: string): Promise<Yes | undefined>
  /** Approvals that wait for a person, of every account, oldest first. */
  waiting(now: number): Promise<Yes[]>
  yes(id: string): Promise<Yes | undefined>
  /** A person's word on a waiting approval; a denial is a no on its numbers until `until`. False: it no longer waits. */
  answer(id: string, answer: { given: boolean; by: string; at: number; until: number }): Promise<boolean>

  /** Noes in force on these numbers for this tool, whichever login at this place they were said to. */
  noes(account: JournalAccount, tool: string, tns: readonly string[], now: number): Promise<No[]>
  refuse(no: NewNo): Promise<void>
  /** Every no in force, of every account. */
  noesInForce(now: number): Promise<No[]>
  /** Takes a no back. False: there is no such no. */
  lift(noId: string): Promise<boolean>

  /** Removes operations that ended before, with every number final and no fence standing, oldest first, `most` at most; how many. */
  forget(before: number, most: number): Promise<number>

  close(): Promise<void>
}

/** A journal that cannot be read or written. `message` says what and what to do about it, and holds no password. */
export class JournalUnavailable extends Error {
  override readonly name = 'JournalUnavailable'
}

export interface JournalAccount {
  /** One for each endpoint, login, environment and sandbox instance. Rows of two accounts never meet. */
  id: string
  /** Where numbers live: two logins at one endpoint claim against each other. */
  place: string
  environment: 'sandbox' | 'live'
  /** For a person: login and endpoint's host. */
  label: string
  /** An embedded sandbox's own id: its rows end with it. */
  instance?: string | undefined
}

/** Rolling 24 hours for `assigned` and `released`; holds that stand now for `held`. Failed and not attempted numbers count nothing. */
export interface Counted {
  assigned: number
  released: number
  held: number
}

export type WriteEffect = 'hold' | 'change' | 'spend' | 'destroy'

/** What one number is, as far as it matters to a write. All from the carrier. */
export interface Facts {
  status: 'yours' | 'reserved' | 'available' | 'taken' | 'unknown'
  /** Endpoint group. */
  epg?: number | undefined
  tier?: string | undefined
  has911?: boolean | undefined
  cnam?: boolean | undefined
  refId?: string | undefined
}

/** What is asked of one number; absent is not empty. */
export interface Asked {
  tn: string
  epg?: number | undefined
  cnam?: boolean | undefined
  refId?: string | undefined
}

export interface IntentRow extends Asked {
  before: Facts
}

export interface Intent {
  id: string
  account: JournalAccount
  tool: string
  effect: WriteEffect
  caller: string
  reason?: string | undefined
  /** Who said yes, for a person: `policy`, `person`, `ticket`, `approval by NAME`. */
  confirmedBy: string
  /** The ticket or approval that this intent spends. */
  yesId?: string | undefined
  /** The policy asked for a yes: a no that stands on one of the numbers refuses the intent. */
  neededYes: boolean
  at: number
  rows: readonly IntentRow[]
}

export type Recorded = { recorded: true } | { recorded: false; refused: Refused }

export type Refused =
  | { why: 'denied'; code: 'POLICY_DENIED' | 'LIMIT_EXCEEDED'; reason: string; tns?: readonly string[] | undefined }
  | { why: 'busy'; busy: readonly Busy[] }
  | { why: 'spent'; operationId: string | undefined }
  | { why: 'declined'; noes: readonly No[] }

/** A number that another operation holds: `until` is absent while that operation is open, else the end of its fence. */
export interface Busy {
  tn: string
  operationId: string
  tool: string
  until?: number | undefined
}

export type Outcome = 'done' | 'failed' | 'uncertain' | 'not_attempted'

export interface Settled {
  tn: string
  outcome: Outcome
  /** The carrier's code. */
  code?: number | undefined
  /** For a person. */
  meaning?: string | undefined
  /** The carrier's own words, untrusted. */
  words?: string | undefined
  after?: Facts | undefined
  heldUntil?: number | undefined
  /** Seen at the carrier, not answered by it. */
  inferred?: boolean | undefined
  /** An unread request may still land until then: the fence. Kept whatever the outcome. */
  fencedUntil?: number | undefined
  /** A person's word, and whose. It stands over everything. */
  resolvedBy?: string | undefined
  /** Settled outside the call that asked for it: nobody was told yet. */
  late?: boolean | undefined
  /** The latest reading of an uncertain number: two that agree are asked for before `failed` is believed. */
  seen?: Seen | undefined
}

export interface Seen {
  at: number
  facts: Facts
}

export interface OperationRow extends IntentRow, Partial<Omit<Settled, 'tn'>> {
  /** When the request was about to leave; absent while it was never sent. */
  sentAt?: number | undefined
}

export type OperationStatus = 'open' | 'done' | 'partly_done' | 'failed' | 'uncertain'

export interface Counts {
  done: number
  failed: number
  uncertain: number
  notAttempted: number
}

export interface Operation {
  id: string
  account: JournalAccount
  tool: string
  effect: WriteEffect
  caller: string
  reason?: string | undefined
  confirmedBy: string
  status: OperationStatus
  startedAt: number
  endedAt?: number | undefined
  counts: Counts
  /** Sorted by number. */
  rows: OperationRow[]
}

export interface OperationQuery {
  /** Absent: every account in the journal. */
  account?: JournalAccount | undefined
  tn?: string | undefined
  tool?: string | undefined
  /** Started at or after. */
  since?: number | undefined
  status?: OperationStatus | undefined
  limit: number
  /** The last operation of the page before: its start and id. */
  after?: { startedAt: number; id: string } | undefined
}

export interface OperationPage {
  operations: Operation[]
  more: boolean
}

/** One number of an operation, together with what is needed to settle it or to speak of it. */
export interface Unsettled {
  operationId: string
  tool: string
  effect: WriteEffect
  startedAt: number
  row: OperationRow
  /** The number was written again since: what it is now tells nothing about this operation. */
  overtaken: boolean
}

export interface NewYes {
  id: string
  kind: 'ticket' | 'approval'
  /** SHA-256 of a ticket; absent for an approval, whose id is no secret. */
  hash?: string | undefined
  account: JournalAccount
  caller: string
  tool: string
  effect: WriteEffect
  /** SHA-256 over account, caller, tool and the rows as asked. */
  binding: string
  /** What was shown, per number. */
  facts: readonly ShownFacts[]
  /** The preview's lines, for the person who is asked later. */
  preview: readonly string[]
  reason?: string | undefined
  createdAt: number
  expiresAt: number
}

export interface ShownFacts {
  tn: string
  facts: Facts
  /** What the number would become, for the person who is asked later. */
  asked?: Omit<Asked, 'tn'> | undefined
}

export interface Yes extends NewYes {
  /** `waiting`: an approval that nobody answered yet. A ticket is `given` from its birth. */
  state: 'waiting' | 'given' | 'denied' | 'spent'
  /** Who approved or denied. */
  by?: string | undefined
  operationId?: string | undefined
}

export interface NewNo {
  id: string
  account: JournalAccount
  tool: string
  tns: readonly string[]
  /** Who said it: the caller whose client asked, or who denied an approval. */
  by: string
  at: number
  until: number
}

export interface No {
  id: string
  tool: string
  tn: string
  by: string
  until: number
}

/** The status that follows from the outcomes of an operation's numbers (docs/write-path.md). */
export function statusOf(counts: Counts): Exclude<OperationStatus, 'open'> {
  if (counts.uncertain > 0) return 'uncertain'
  if (counts.done === 0) return 'failed'
  return counts.failed + counts.notAttempted === 0 ? 'done' : 'partly_done'
}

export function countOutcomes(rows: readonly Pick<OperationRow, 'outcome' | 'sentAt'>[]): Counts {
  const counts: Counts = { done: 0, failed: 0, uncertain: 0, notAttempted: 0 }
  for (const row of rows) counts[counters[outcomeNow(row)]]++
  return counts
}

/** What is known of a number now. One that is being sent has no outcome yet: it may have taken effect, or not. */
export function outcomeNow({ outcome, sentAt }: Pick<OperationRow, 'outcome' | 'sentAt'>): Outcome {
  return outcome ?? (sentAt === undefined ? 'not_attempted' : 'uncertain')
}

const counters = { done: 'done', failed: 'failed', uncertain: 'uncertain', not_attempted: 'notAttempted' } as const

/** Whether a new settlement may stand over what is recorded: see {@link Journal.settle}. */
export function mayReplace(
  recorded: Pick<OperationRow, 'outcome' | 'inferred' | 'resolvedBy'>,
  next: Settled,
): boolean {
  if (recorded.resolvedBy !== undefined) return false
  if (recorded.outcome === undefined || recorded.outcome === 'uncertain') return true
  return recorded.inferred === true && next.inferred !== true && next.outcome !== 'uncertain'
}
