import type { CarrierWrites, Turn, WriteAnswer, WriteCall } from '../carrier/carrier.ts'
import type { Facts, Settings } from '../domain/facts.ts'
import type { WriteTool } from '../domain/write-tool.ts'

/**
 * A write is a value: all that is its own between intent and outcome. The pipeline knows no write's name, and reads nothing
 * of what is asked of a number or of what the number is but through it; `writes/` has a file for each.
 */
export interface Write<Its extends Kind = Kind> {
  readonly tool: WriteTool

  /** Numbers in one request: 1 where the method takes one. */
  readonly chunk: number

  /** How its numbers are read, and by what two readings are compared. */
  readonly look: Look<Its>

  /** Sends the request for these rows, or for those that `call.prepare` leaves of them. Once. Throws CarrierError. */
  ask(
    carrier: CarrierWrites,
    rows: readonly Row<Its>[],
    call: RowsCall<Row<Its>>,
  ): Promise<WriteAnswer<Its['answered']>>

  /** What was not told, filled in from what the number is: for a method that means something else by leaving it out. */
  complete?(asked: Its['asked'], facts: Its['facts']): Its['asked']

  /** Why a number cannot be sent, for a person; undefined where it can. */
  obstacle(asked: Its['asked'], reading: Its['reading']): string | undefined

  /** The price of a write that buys: the number's tier, which is its price, and how an unknown one becomes known. */
  readonly price?: { tier(facts: Its['facts']): string | undefined; readonly ifUnknown: string }

  /** What a person reads before saying yes: the first line, about all numbers. */
  title(rows: readonly Row<Its>[]): string
  /** The line of one number, in parts. */
  line(row: Row<Its>): readonly Part[]
  /** All that is written to a number, and what is lost by it, where it has no line of its own; the rest is in the totals. */
  brief(row: Row<Its>): readonly Part[]
  /** What becomes of all numbers together, in parts that leave none out. */
  totals(rows: readonly Row<Its>[]): readonly string[]
  /** How much a person should look at this number first. */
  urgency(row: Row<Its>): number

  /** What a row of success says, never what was asked. */
  after(row: Row<Its>, answered: Its['answered']): Said<Its['facts']>

  /** What a query may conclude where the answer was not read, or did not say enough; undefined where nothing. */
  conclude(row: Row<Its>, seen: Its['reading']): Conclusion | undefined

  /** What is told of a number that was seen: with what it shows by leaving it out, and what was said that no look shows. */
  seenAs(asked: Its['asked'], seen: Its['facts'], said?: Its['facts']): Its['facts']

  /** Whether a number is as it was asked, or as it was answered, in everything that was answered of it. */
  isAsSaid(asked: Its['asked'], said: Its['facts'], seen: Its['facts']): boolean

  /** Whether the carrier has acted, though it is uncertain how. */
  hasActed(before: Its['facts'] | undefined, seen: Its['facts']): boolean

  /** Tells where a number on which it has taken effect is otherwise than it was asked or shown. */
  differs(row: Compared<Its>): readonly Difference[]

  /** What a summary calls the numbers that are done, behind their count. */
  readonly doneAs: string
}

/** What one write deals in. The journal keeps it and reads none of it. */
export interface Kind {
  /** What is asked of one number beside naming it; absent is not empty. */
  asked: Settings
  /** What a number is, as far as it matters to this write. */
  facts: Facts
  /** A look at it. */
  reading: Reading
  /** What an answer holds for it. */
  answered: Answered
}

/** One number of a write: what is asked, and what it was when it was last read. */
export interface Row<Its extends Kind = Kind> {
  tn: string
  asked: Its['asked']
  before: Its['facts']
}

/** One number as the carrier showed it, at a moment. */
export interface Reading<Shown extends Facts = Facts> {
  tn: string
  /** The time at which the query or the audit was begun. */
  at: number
  code: number
  facts: Shown
  /** Why the carrier would not say what this one number is; nothing is known of it then. */
  refused?: string | undefined
}

/** A number's row in the answer to a write, as far as every write has it. */
export interface Answered {
  tn: string
  statusCode: number
  /** The carrier's words, untrusted text. */
  status?: string
}

/** The readings of a write. */
export interface Look<Its extends Kind = Kind> {
  /** One number, fresh. Throws CarrierError. */
  read(carrier: Turn, tn: string, at: number, call: { signal?: AbortSignal | undefined }): Promise<Its['reading']>
  /** Every number of the account, where one such answer may serve for many queries. Throws CarrierError. */
  audit?(
    carrier: Turn,
    row: (reading: Its['reading']) => void,
    at: number,
    call: { signal?: AbortSignal | undefined },
  ): Promise<unknown>
  /** Whether two looks saw the same, in everything that a yes was given on (docs/write-path.md, step 6). */
  same(a: Its['facts'], b: Its['facts']): boolean
  /** What changed between two looks, where it is nothing that a result shows: ` (caller name)`; else empty. */
  changedBeside(a: Its['facts'], b: Its['facts']): string
  /** What a result shows of a number. The rest is for the person who is asked. */
  shown(facts: Its['facts']): Its['facts']
}

/** A write's call, in the write's own rows. */
export interface RowsCall<Its extends Row> {
  prepare(turn: Turn): Promise<readonly Its[]>
  sending(): void
}

/** What the carrier sees of it: each row as `param` makes it. */
export function asCall<Its extends Row, Param>(call: RowsCall<Its>, param: (row: Its) => Param): WriteCall<Param> {
  return { prepare: async (turn) => (await call.prepare(turn)).map(param), sending: () => call.sending() }
}

/** A piece of a line; nothing where there is nothing to say. */
export type Part = string | undefined

/** What an answer says that a number is now. */
export interface Said<Shown extends Facts = Facts> {
  after: Shown
  /** The time for which it is held, milliseconds from the answer. */
  heldMs?: number | undefined
  /** True where it speaks against what was asked, or against itself: then a query decides. */
  contradicts: boolean
}

/** What one number's write may be called after a query. */
export interface Conclusion {
  outcome: 'done' | 'failed' | 'uncertain'
  /**
   * - `now`: stands at once.
   * - `quiet`: † stands only when nothing can land any more; until then the number is uncertain. Every `failed` is one: what
   *   another company holds now may be ours a minute later.
   * - `audit`: `done` if the number is absent from an audit begun later, else uncertain.
   */
  when: 'now' | 'quiet' | 'audit'
  /** What was seen, for a person. */
  seen: string
  /** What follows from it, where something does. */
  therefore?: string
}

/** What was asked, what was shown, and what the number is now; of what is not known nothing is said. */
export interface Compared<Its extends Kind = Kind> {
  asked?: Its['asked'] | undefined
  before?: Its['facts'] | undefined
  after?: Its['facts'] | undefined
}

/** One fact of a number that is not as asked, or not as shown. */
export interface Difference {
  field: string
  from: 'asked' | 'shown'
  /** The difference for a person, e.g. `endpoint group 9999 instead of 8674`. */
  words: string
}
