import type { Carrier, CarrierReads, CarrierWrites } from '../carrier/carrier.ts'
import type { JournalAccount } from '../domain/account.ts'
import type { Clock } from '../domain/clock.ts'
import type { WriteEffect } from '../domain/effect.ts'
import type { Asked } from '../domain/facts.ts'
import type { WriteTool } from '../domain/write-tool.ts'
import type { Journal } from '../journal/journal.ts'
import type { OperationRow } from '../journal/operation.ts'
import type { Policy } from '../policy/policy.ts'

/** What the door is given: everything that acts or remembers, so that it can be tested at every step. */
export interface Ports {
  account: JournalAccount
  carrier: Carrier
  /** Opened on first need; rejects with JournalUnavailable. */
  journal: () => Promise<Journal>
  /** Read at each call; throws where the file became unreadable. */
  policy: () => Policy
  clock: Clock
  /** How long a request whose answer was not read may still take effect (docs/write-path.md, law 2), milliseconds. */
  quietMs: number
  /** How long the carrier has for one call, milliseconds: a process that died would have given a request up by then. */
  deadlineMs: number
  /** How long finished operations are kept, milliseconds; absent: for ever. */
  keepMs?: number | undefined
  /** How a person starts this program in a terminal, to be put before a command's words. `did-mcp` unless told. */
  atTerminal?: (() => Promise<string>) | undefined
  log: { warn(message: string, fields?: Record<string, unknown>): void }
  /** Called when numbers of this account were written, so that listings held for paging know that they are old. */
  wrote?: (() => void) | undefined
}

/** The ports but the methods that write, and beside them whoever owns what a process remembers of its writes. */
export interface ReadingDoor extends Omit<Ports, 'carrier' | 'atTerminal'> {
  carrier: CarrierReads
  atTerminal: () => Promise<string>
  readonly outbox: Outbox
  readonly pace: Pace
  readonly watch: Watch
  readonly retention: Retention
  /** Aborted as the process ends: no new chunk is sent from then on. */
  readonly ending: AbortSignal
}

/** The door for writes. Only send.ts asks it for `writes`. */
export interface Door extends ReadingDoor {
  writes: CarrierWrites
}

/** What the journal could not take when it came. No write begins before it is in. */
export interface Outbox {
  /** Saves one thing. Where the journal is away it is kept, and the answer is false. Never throws. */
  keep(unsaved: Unsaved): Promise<boolean>
  /** Brings in what was kept, in its order. Throws JournalUnavailable while the journal is away; nothing is dropped then. */
  bringIn(): Promise<void>
  /** Whether something of this operation is still kept. */
  holds(operationId: string): boolean
}

/** How fast this carrier was lately. It decides between a query for each number and one audit. */
export interface Pace {
  /** Whether one audit is likely to be cheaper than this many queries. */
  prefersAudit(queries: number): boolean
  /** How long an audit in the place of this many queries may take, milliseconds. */
  auditWithinMs(queries: number): number
  /** Notes how long an audit took; where it was given up, the time that it had had. Milliseconds. */
  audited(ms: number): void
  /** Notes how long it took to query this many numbers, as many at once as the carrier lets through. Milliseconds. */
  queried(numbers: number, ms: number): void
}

/** What looks again at uncertain numbers until they are settled. */
export interface Watch {
  /** Reads the uncertain ones among these rows of an operation again by timer. */
  follow(operationId: string, rows: readonly Watched[]): void
  /**
   * Settles by one query a number what is uncertain on this account: the numbers on `tns`, or without it at most fifty of those whose fence is over, the ones looked at longest ago first.
   */
  settleDue(due?: Due): Promise<void>
  /** Follows whatever is uncertain in the journal, but for the operations named. */
  followAll(but: readonly string[]): Promise<void>
}

/** What lets go of operations that were kept long enough, where that is said, and of what is long over. */
export interface Retention {
  /** Does so soon, in nobody's way, and at most once an hour. */
  soon(): void
}

/** One thing that must not be lost: an outcome, or a person's no. */
export interface Unsaved {
  /** The operation whose outcome it is; absent for a no. */
  operationId?: string
  save(journal: Journal): Promise<void>
}

/** What the watch goes by of a row. */
export type Watched = Pick<OperationRow, 'outcome' | 'fencedUntil' | 'seen'>

/** A settling's limits, in who waits for it: numbers, and how long whoever asked still waits. */
export interface Due {
  /** The numbers that a call is about; absent: all. */
  tns?: readonly string[] | undefined
  signal?: AbortSignal | undefined
}

/** A write as a tool asks for it. */
export interface WriteRequest {
  tool: { name: WriteTool; effect: WriteEffect }
  /** The rows as asked, in any order; absent is not empty. */
  rows: readonly Asked[]
  /** The model's own words; recorded, never shown as a fact. */
  reason?: string | undefined
  /** A ticket. */
  confirmation?: string | undefined
  /** Whether it is only to be told what would come of the call. */
  dryRun?: boolean | undefined
  /** What came of a form that this call's answer was, under its id. */
  answer?: { question: string; said: FormAnswer } | undefined
}

/** What came of a form, once: what was typed into it, or how it ended without. */
export type FormAnswer = { ended: 'answered'; typed: string } | { ended: 'declined' | 'cancelled' | 'timed_out' }

/** Who asks, and how they can be reached while the call runs. */
export interface Caller {
  /** `user@host` over stdio, the token's subject over HTTP. */
  name: string
  /** The name that its client claims, cleaned: kept for people to read, and for nothing else. */
  client?: string | undefined
  /** How its client can show a person a form: while the call runs, or between it and the same call again; absent: it cannot. */
  elicitation?: 'in_call' | 'between_calls' | undefined
  signal?: AbortSignal | undefined
  progress?: ((done: number, total: number, message: string) => void) | undefined
}
