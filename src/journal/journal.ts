import type { JournalAccount } from '../domain/account.ts'
import type { Used } from '../domain/budget.ts'
import type { Intent, Operation, OperationPage, OperationQuery, Own, Settled, Unsettled } from './operation.ts'
import type { NewQuestion, Question, TicketUse, Verdict } from './question.ts'

/**
 * What was meant, asked and done, durably. The journal is asked before anything is sent (an intent is a row before it is
 * a byte) and told before anybody hears of an outcome. Times are milliseconds since 1970, UTC.
 *
 * Every method rejects with {@link JournalUnavailable} where the journal cannot be read or written; nothing was changed then.
 */
export interface Journal {
  /** The engine that it lies in, its version, and how it commits, for a person. */
  readonly about: string
  /** What is not as it should be, and what to do; writes go on all the same. */
  readonly warnings: readonly string[]

  /** What the budgets count now. */
  used(account: JournalAccount, now: number): Promise<Used>

  /**
   * Step 5 of a write, one transaction: `decide` again on what the budgets count and, where the yes is a ticket, on what
   * the caller's tickets cover; spend the yes, claim every number, write the intent. All of it or nothing.
   */
  record(intent: Intent, decide: (used: Used, tickets?: TicketUse) => Refused | undefined): Promise<Recorded>

  /**
   * These numbers are about to be sent. Committed before the first byte leaves. Refused for a number that was sent or
   * settled before; where the caller knows that no byte left since it said so of one of them (`again`), for a settled one.
   */
  sending(operationId: string, tns: readonly string[], at: number, again?: boolean): Promise<void>

  /**
   * Outcomes, committed. What was answered is never overwritten by what is inferred, nor is anything final by
   * `uncertain`; a direct answer corrects what was inferred. The operation ends with its last open number: claims go, fences stay.
   */
  settle(operationId: string, rows: readonly Settled<Own>[], at: number): Promise<void>

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

  /**
   * Writes a question. For an approval: the live one of the same binding, or this new one; two callers at once get the
   * same. `instead` withdraws that one, whose facts no longer hold.
   */
  putQuestion(question: NewQuestion, instead?: string): Promise<Question>
  question(id: string): Promise<Question | undefined>
  /** The approval of this binding that waits, or is given and was not used yet. */
  approvalOf(binding: string, now: number): Promise<Question | undefined>
  /** Approvals that wait for a person, and those given that nobody has used yet, of every account, oldest first. */
  approvals(now: number): Promise<Question[]>
  /**
   * One answer to a question, one transaction: `judge` sees it as it stands, with nobody else at it, and says what becomes
   * of it; undefined changes nothing. It may be called again where the engines' locks ask for it.
   *
   * @returns the question as it stands after that; undefined: there is none of this id
   */
  answerQuestion(id: string, judge: (question: Question) => Verdict | undefined): Promise<Question | undefined>
  /** What counts against this caller's tickets for a tool. */
  ticketUse(of: { account: JournalAccount; caller: string; tool: string }, now: number): Promise<TicketUse>

  /** Noes in force on these numbers for this tool, whichever login at this place they were said to. */
  noes(account: JournalAccount, tool: string, tns: readonly string[], now: number): Promise<No[]>
  /** Every no in force, of every account. */
  noesInForce(now: number): Promise<No[]>
  /** Takes a no back. False: there is no such no. */
  lift(noId: string): Promise<boolean>

  /**
   * Removes what is long over: fences, noes, questions, and operations that were kept for `keepMs`, with every number final and
   * no fence standing, the oldest first, `most` at most. Over is what lay in the past at an earlier look, a day or more
   * before: one start with the clock ahead removes nothing. Resolves with how many operations were removed.
   *
   * @param keepMs absent: operations are kept for ever
   */
  forget(now: number, keepMs: number | undefined, most: number): Promise<number>

  close(): Promise<void>
}

/** A journal that cannot be read or written. `message` says what and what to do about it, and holds no password. */
export class JournalUnavailable extends Error {
  override readonly name = 'JournalUnavailable'
}

/** Whether an intent was recorded. */
export type Recorded = { recorded: true } | { recorded: false; refused: Refused }

/** Why an intent was not recorded; nothing was changed then. */
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

/** Somebody's no on numbers, for one tool. */
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

/** A no on one number. It is lifted by its `id`, on all of its numbers. */
export interface No {
  id: string
  tool: string
  tn: string
  by: string
  until: number
}
