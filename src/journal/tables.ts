import type { Environment } from '../domain/account.ts'
import type { WriteEffect } from '../domain/effect.ts'
import type { OperationStatus } from './operation.ts'
import type { Question } from './question.ts'
import type { SettledColumns } from './settled-columns.ts'

/**
 * The journal's tables, the same on both engines. Times are milliseconds since 1970; flags are 0 or 1, because SQLite has
 * no booleans (and libsql ends the process when it is given one); facts are JSON as text.
 */
export interface Tables {
  schema_version: { version: number }
  accounts: AccountsTable
  operations: OperationsTable
  numbers: NumbersTable
  claims: ClaimsTable
  questions: QuestionsTable
  noes: NoesTable
  owners: OwnersTable
  moments: MomentsTable
}

export interface AccountsTable {
  id: string
  place: string
  environment: Environment
  label: string
  instance: string | null
}

export interface OperationsTable {
  id: string
  account_id: string
  /** The process that may send this operation and that settles it, a row of `owners`. */
  owner_id: string
  tool: string
  effect: WriteEffect
  caller: string
  /** The name that the client claims. */
  client: string | null
  reason: string | null
  confirmed_by: string
  status: OperationStatus
  started_at: number
  ended_at: number | null
}

/**
 * One number of an operation: what was asked, what it was before, and how it ended. `asked`, `before` and `after` are JSON
 * objects with the write's own keys, which the journal does not read, so that a write of another kind needs no column.
 */
export interface NumbersTable extends SettledColumns {
  operation_id: string
  tn: string
  asked: string
  before: string
  sent_at: number | null
}

/** One row for each number that is spoken for: unique per place and number. `until` is null while the operation is open. */
interface ClaimsTable {
  place: string
  tn: string
  operation_id: string
  until: number | null
}

/** The questions, with the fields of NewQuestion and Question as columns. */
export interface QuestionsTable {
  id: string
  kind: Question['kind']
  account_id: string
  caller: string
  tool: string
  effect: WriteEffect
  binding: string
  shown: string
  refused: string
  preview: string
  reason: string | null
  created_at: number
  put_at: number
  expires_at: number
  state: Question['state']
  wrong: number
  said_by: string | null
  ended_at: number | null
  operation_id: string | null
}

/** The noes, one row per number: a no follows the number, not the argument list. */
export interface NoesTable {
  no_id: string
  tn: string
  account_id: string
  tool: string
  said_by: string
  said_at: number
  until: number
}

/** Processes that hold, or held, operations. Who they were is for a person; whether they live is a lock (engine.ts). */
interface OwnersTable {
  id: string
  host: string
  pid: number
  started_at: number
}

/**
 * Moments of the journal itself. `marked`: it is a backup, made then, that nobody opened yet; `restored`: such a one was
 * first opened then; `looked` and `past`: forget.ts.
 */
interface MomentsTable {
  name: 'marked' | 'restored' | 'looked' | 'past'
  at: number
}
