import type { Kysely, Transaction } from 'kysely'
import type { Tables } from './tables.ts'

export type Db = Kysely<Tables>
export type Trx = Transaction<Tables>

/**
 * What differs between SQLite and PostgreSQL; everything above it is the same queries. Each method rejects with
 * JournalUnavailable where the database fails it.
 */
export interface Engine {
  /** This process among the owners of operations: random, never used again. */
  readonly ownerId: string

  /** See Journal. */
  readonly about: string
  readonly warnings: readonly string[]

  /** Several statements that see one state. */
  read<T>(run: (trx: Trx) => Promise<T>): Promise<T>

  /** One transaction, all or nothing. `run` may be called again where the engines' locks ask for it. */
  write<T>(run: (trx: Trx) => Promise<T>): Promise<T>

  /** Inside a write: nobody else is past this point under the same name until the transaction ends. */
  serialize(trx: Trx, name: string): Promise<void>

  /**
   * Makes sure that this process holds its owner's lock, and rejects where it cannot: docs/write-path.md, life and death.
   * True: it was not held before this call, so others may have taken this process for dead.
   */
  holdOwner(): Promise<boolean>

  /**
   * A write while the lock of another owner is held, which is the proof that its process is gone; undefined where it lives.
   * `bury` forgets the owner once the write is committed.
   */
  whileDead<T>(ownerId: string, run: (trx: Trx, bury: () => void) => Promise<T>): Promise<T | undefined>

  /** Owners that left a trace outside the tables. */
  strayOwners(): Promise<string[]>

  /** Frees the owner's lock. `owes`: it leaves open operations behind, whose next owner needs the proof. */
  close(owes: boolean): Promise<void>
}
