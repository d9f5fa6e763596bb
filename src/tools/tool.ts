import * as z from 'zod'
import type { CarrierReads } from '../carrier/carrier.ts'
import { environments, type JournalAccount } from '../domain/account.ts'
import type { Used } from '../domain/budget.ts'
import type { WriteEffect } from '../domain/effect.ts'
import type { Asked } from '../domain/facts.ts'
import type { Toolset } from '../domain/toolset.ts'
import type { WriteTool } from '../domain/write-tool.ts'
import type { Journal } from '../journal/journal.ts'
import type { Listings } from '../listings/snapshot.ts'
import type { envelope } from '../operations/envelope.ts'

/** A tool is a value: its words, its schemas, and what its arguments mean. */
export type Tool = ReadTool | WritingTool

interface Words<Input extends z.ZodObject> {
  title: string
  /** The set that it is offered with; absent: it is always offered. */
  toolset?: Toolset
  /** The description for a model: when to use it, what it costs or changes, the one thing that goes wrong. Paid for at every turn. */
  description: string
  /** Strict: unknown keys are refused. The message of a check is what was expected, e.g. `three digits`. */
  input: Input
}

export interface ReadTool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject>
  extends Words<Input> {
  name: string
  effect: 'read'
  output: Output
  /**
   * Plain domain data after `output`, but for the environment, which the face adds. Throws CarrierError,
   * JournalUnavailable, ListingTooLarge or InvalidCursor.
   */
  read(args: z.output<Input>, context: ReadContext): Promise<Omit<z.output<Output>, 'environment'>>
}

export interface WritingTool<Input extends z.ZodObject = z.ZodObject> extends Words<Input> {
  name: WriteTool
  effect: WriteEffect
  output: typeof envelope
  /** The arguments as rows for the one door of writes. */
  request(args: z.output<Input>): AskedRows
}

interface AskedRows {
  rows: Asked[]
  reason?: string | undefined
  confirmation?: string | undefined
  dryRun?: boolean | undefined
}

/** What reading tools read from, for as long as the server runs. */
export interface Sources {
  carrier: CarrierReads
  listings: Listings
  account: JournalAccount
  /** Opened on first need; rejects with JournalUnavailable. */
  journal: () => Promise<Pick<Journal, 'readOperation' | 'readOperations'>>
  /** What the policy's limits count now; rejects with JournalUnavailable. */
  used: () => Promise<Used>
  /** Settles what became due: uncertain numbers of this account whose quiet time is over. */
  settleDue: (signal?: AbortSignal) => Promise<void>
}

/** One call's own. */
export interface ReadContext extends Sources {
  signal: AbortSignal
  /** Tells the progress to a caller who asked for it. `total` is absent where nobody knows it. */
  progress(done: number, total: number | undefined, message: string): void
}

/**
 * An answer's schema: whether it is the sandbox's stands first, since some clients show their model nothing else. Its order
 * is the order in which a reader meets the fields, in structured content as in a text.
 */
export const answer = <Fields extends z.ZodRawShape>(fields: Fields) =>
  z.strictObject({ environment: z.enum(environments), ...fields })

export function defineRead<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: ReadTool<Input, Output>,
): ReadTool<Input, Output> {
  return tool
}

export function defineWrite<Input extends z.ZodObject>(tool: WritingTool<Input>): WritingTool<Input> {
  return tool
}
