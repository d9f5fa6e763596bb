import type { JournalAccount } from '../domain/account.ts'
import type { Used } from '../domain/budget.ts'
import type { Intent, Operation, OperationPage, OperationQuery, Own, Settled, Unsettled } from './operation.ts'
import type { NewQuestion, Question, TicketUse, Verdict } from './question.ts'

/**
 * The durable record of what was meant, asked and done. The journal is asked before anything is sent (an intent is a row
 * before it is a byte) and told before anybody hears of an outcome. Times are milliseconds since 1970, UTC, by the
 * clock of {@link Journal.now}. Every method
 * rejects with {@link JournalUnavailable} where the journal cannot be read or written; nothing was changed then.
 */
export interface Journal {
  /** The engine that the journal lies in, its version, and how it commits, in words for a person. */
  readonly about: string
  /** Troubles of the journal that a person should know, each with what to do; writes go on all the same. */
  readonly warnings: readonly string[]

  /**
   * Tells a moment of this machine's wall clock by the clock that the journal goes by: the database's own on PostgreSQL, so
   * that processes on machines whose clocks differ see the same fences, budgets and expiries. Every time that is given to
   * the journal, or compared with one of its times, is one of these.
   */
  now(wall: number): number

  /** Reads what the budgets count now. */
  countUsed(account: JournalAccount, now: number): Promise<Used>

  /**
   * Records an intent, step 5 of a write, in one transaction: calls `decide` again on what the budgets count and, where the
   * yes is a ticket, on what the caller's tickets cover; then spends the yes, claims every number and writes the intent. All
   * of it happens or nothing.
   */
  recordIntent(intent: Intent, decide: (used: Used, tickets?: TicketUse) => Refused | undefined): Promise<Recorded>

  /**
   * Records that these numbers are about to be sent, committed before the first byte leaves. It is refused for a number that
   * was sent or settled before; with `again`, where the caller knows that no byte left since it last recorded one of them,
   * only for a settled one.
   */
  markSending(operationId: string, tns: readonly string[], at: number, again?: boolean): Promise<void>

  /**
   * Records outcomes. An outcome that the carrier answered is never overwritten by one that was inferred, nor a final one by
   * `uncertain`; a direct answer corrects an inferred one. The operation ends with its last open number: its claims go, its
   * fences stay.
   */
  settleNumbers(operationId: string, rows: readonly Settled<Own>[], at: number): Promise<void>

  /**
   * Reads what ended on these numbers since anybody was told of them (by timer, recovery or a person), oldest first, at most
   * `most`, and marks those as told. The next answer that touches the numbers says it.
   */
  tellNews(account: JournalAccount, tns: readonly string[], most: number): Promise<Unsettled[]>

  readOperation(id: string): Promise<Operation | undefined>

  /** Reads a page of operations, newest first. */
  readOperations(query: OperationQuery): Promise<OperationPage>

  /** Reads the claims and fences that stand on these numbers. */
  readBusy(account: JournalAccount, tns: readonly string[], now: number): Promise<Busy[]>

  /** Reads the uncertain numbers of this account's ended operations, oldest first; of `tns` alone where they are given. */
  readUncertain(account: JournalAccount, tns?: readonly string[]): Promise<Unsettled[]>

  /**
   * Takes over the open operations at this account's place whose owner is dead: each is handed to exactly one process.
   * Operations of another login are among them, because their claims stand in everybody's way. Those of an embedded sandbox
   * that is gone are closed here and not handed out.
   */
  adoptOperations(account: JournalAccount, now: number): Promise<Operation[]>

  /**
   * Writes a question. For an approval it returns the live one of the same binding, or this new one, so that two callers at
   * once get the same. `instead` names a question to withdraw, because its facts no longer hold.
   */
  putQuestion(question: NewQuestion, instead?: string): Promise<Question>
  readQuestion(id: string): Promise<Question | undefined>
  /** Reads the approval of this binding that waits for a person, or was given and not used yet. */
  readApproval(binding: string, now: number): Promise<Question | undefined>
  /**
   * Reads the approvals that wait for a person, and those given that nobody has used yet, of every account, oldest first.
   */
  readApprovals(now: number): Promise<Question[]>
  /**
   * Records one answer to a question in one transaction: `judge` sees the question as it stands, while nobody else can
   * change it, and says what becomes of it; undefined changes nothing. It may be called again where the engines' locks ask
   * for it.
   *
   * @returns the question as it stands after that; undefined where there is none of this id
   */
  answerQuestion(id: string, judge: (question: Question) => Verdict | undefined): Promise<Question | undefined>
  /** Reads what counts against this caller's tickets for a tool. */
  readTicketUse(of: { account: JournalAccount; caller: string; tool: string }, now: number): Promise<TicketUse>

  /** Reads the noes in force on these numbers for this tool, whichever login at this place they were said to. */
  readNoes(account: JournalAccount, tool: string, tns: readonly string[], now: number): Promise<No[]>
  /** Reads every no in force, of every account. */
  readNoesInForce(now: number): Promise<No[]>
  /** Takes a no back. Resolves with false where there is no such no. */
  liftNo(noId: string): Promise<boolean>

  /**
   * Removes what is long over: fences, noes, questions, and operations that were kept for `keepMs`, with every number final
   * and no fence standing, the oldest first, `most` at most. A thing is over when its end lay in the past at an earlier
   * look, a day or more before: one start with the clock ahead removes nothing. Resolves with how many operations were
   * removed.
   *
   * @param keepMs how long an operation is kept, milliseconds; absent: for ever
   */
  forgetOld(now: number, keepMs: number | undefined, most: number): Promise<number>

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
