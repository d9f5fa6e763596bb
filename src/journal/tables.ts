import type { Environment } from '../domain/account.ts'
import type { WriteEffect } from '../domain/effect.ts'
import type { Yes } from './journal.ts'
import type { OperationStatus, Outcome } from './operation.ts'

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
  yeses: YesesTable
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
  /** The process that may send and that settles it: see owners. */
  owner_id: string
  tool: string
  effect: WriteEffect
  caller: string
  reason: string | null
  confirmed_by: string
  status: OperationStatus
  started_at: number
  ended_at: number | null
}

/** One number of an operation: what was asked, what it was before, and how it ended. */
export interface NumbersTable extends SettledColumns {
  operation_id: string
  tn: string
  /** Asked, without the number. */
  asked: string
  before_facts: string
  sent_at: number | null
}

export interface SettledColumns {
  outcome: Outcome | null
  code: number | null
  meaning: string | null
  words: string | null
  after_facts: string | null
  held_until: number | null
  inferred: number
  fenced_until: number | null
  seen: string | null
  resolved_by: string | null
  /** 1: settled outside the call that asked for it, and nobody was told yet. */
  late: number
}

/** One row for each number that is spoken for: unique per place and number. `until` is null while the operation is open. */
interface ClaimsTable {
  place: string
  tn: string
  operation_id: string
  until: number | null
}

/** Tickets and approvals. */
export interface YesesTable {
  id: string
  kind: Yes['kind']
  hash: string | null
  account_id: string
  caller: string
  tool: string
  effect: WriteEffect
  binding: string
  facts: string
  preview: string
  reason: string | null
  created_at: number
  expires_at: number
  state: Yes['state']
  said_by: string | null
  operation_id: string | null
}

/** One row per number: a no follows the number, not the argument list. */
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
