import type { Kysely, Transaction } from 'kysely'
import type { Tables } from './tables.ts'

export type Db = Kysely<Tables>
export type Trx = Transaction<Tables>

/**
 * What differs between SQLite and PostgreSQL; everything above it is the same queries. Each method rejects with
 * JournalUnavailable where the database fails it.
 */
export interface Engine {
  /** The id of this process among the owners of operations: random, never used again. */
  readonly ownerId: string

  /** The engine in words, as {@link Journal} shows it. */
  readonly about: string
  readonly warnings: readonly string[]

  /**
   * Tells a moment of this machine's wall clock, the present one unless told, by the clock that the rows go by: the
   * database's own on PostgreSQL. Milliseconds since 1970.
   */
  now(wall?: number): number

  /** Runs several statements that all see one state of the database. */
  read<T>(run: (trx: Trx) => Promise<T>): Promise<T>

  /** Runs one transaction, all or nothing. `run` may be called again where the engines' locks ask for it. */
  write<T>(run: (trx: Trx) => Promise<T>): Promise<T>

  /** Lets one transaction at a time past this point under the same name, until it ends. It is called inside a write. */
  serialize(trx: Trx, name: string): Promise<void>

  /**
   * Makes sure that this process holds its owner's lock, and rejects where it cannot (docs/write-path.md, life and death).
   * Resolves with true where the lock was not held before this call, so that others may have taken this process for dead.
   */
  holdOwner(): Promise<boolean>

  /**
   * Writes while the lock of another owner is held, which is the proof that its process is gone; resolves with undefined
   * where it lives. `bury` forgets the owner once the write is committed.
   */
  whileDead<T>(ownerId: string, run: (trx: Trx, bury: () => void) => Promise<T>): Promise<T | undefined>

  /** Owners that left a trace outside the tables. */
  strayOwners(): Promise<string[]>

  /**
   * Frees the owner's lock. `owes` says that it leaves open operations behind, whose next owner needs the lock as proof of
   * its death.
   */
  close(owes: boolean): Promise<void>
}
