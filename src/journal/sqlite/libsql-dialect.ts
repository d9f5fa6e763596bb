import { setTimeout as sleep } from 'node:timers/promises'
import { type DatabaseConnection, type SqliteDatabase, SqliteDialect, SqliteDriver } from 'kysely'
import type Database from 'libsql'
import { codeOf } from '../failures.ts'

/**
 * Kysely's SQLite dialect over libsql, whose writing transactions begin `immediate`: with deferred ones, processes fail each
 * other with SQLITE_BUSY_SNAPSHOT whatever the busy timeout. Read-only ones stay deferred and block nobody.
 */
export class LibsqlDialect extends SqliteDialect {
  readonly #database: Database.Database
  readonly #waitMs: number

  /**
   * Makes the dialect.
   *
   * @param waitMs how long a commit, and whatever else goes through {@link patiently}, waits for a lock, milliseconds
   */
  constructor(database: Database.Database, waitMs: number) {
    super({ database: guarded(database) })
    this.#database = database
    this.#waitMs = waitMs
  }

  override createDriver(): SqliteDriver {
    return new ImmediateDriver(this.#database, this.#waitMs)
  }
}

/** Waits for locks with jitter while other work runs. libsql itself would wait synchronously, so it is told not to wait. */
export async function patiently<T>(run: () => Promise<T>, waitMs: number): Promise<T> {
  const deadline = performance.now() + waitMs
  for (;;) {
    try {
      return await run()
    } catch (failure) {
      if (!codeOf(failure).startsWith('SQLITE_BUSY') || performance.now() > deadline) throw failure
      await sleep(1 + Math.random() * 15)
    }
  }
}

/** Begins a transaction that sees one state from here on, and meets no lock any more. */
export function beginReading(database: Database.Database): void {
  database.exec('begin')
  try {
    database.exec('select 1 from sqlite_master limit 1')
  } catch (failure) {
    database.exec('rollback')
    throw failure
  }
}

/**
 * A driver that sends whatever may meet a lock through `exec`, which takes the lock for the prepared statements after it. A
 * prepared statement that met a lock stays unfinished in libsql until it is collected; meanwhile commits fail ("SQL
 * statements in progress"), or keep an old snapshot, from which no write can begin.
 */
class ImmediateDriver extends SqliteDriver {
  readonly #database: Database.Database
  readonly #waitMs: number

  constructor(database: Database.Database, waitMs: number) {
    super({ database: guarded(database) })
    this.#database = database
    this.#waitMs = waitMs
  }

  override async beginTransaction(_: DatabaseConnection, settings?: { accessMode?: string }): Promise<void> {
    if (settings?.accessMode === 'read only') beginReading(this.#database)
    else this.#database.exec('begin immediate')
  }

  /** Commits. Outside WAL mode a commit waits until those who read now have ended; new readers wait for it meanwhile. */
  override commitTransaction(): Promise<void> {
    return patiently(async () => void this.#database.exec('commit'), this.#waitMs)
  }

  /**
   * Rolls back, where a transaction is still open. A full disk has SQLite roll back by itself, and a second rollback would
   * hide why. Closing rolls back, too, and libsql ends the whole process when a closed database is asked whether it is in a
   * transaction.
   */
  override async rollbackTransaction(): Promise<void> {
    if (this.#database.open && this.#database.inTransaction) this.#database.exec('rollback')
  }
}

/** Guards a database against booleans: libsql 0.5 ends the whole process when one is bound to a statement. */
function guarded(database: Database.Database): SqliteDatabase {
  const bindable = (parameters: readonly unknown[]) => {
    if (parameters.some((parameter) => typeof parameter === 'boolean')) throw new TypeError('SQLite has no booleans')
    return [...parameters]
  }
  return {
    close: () => void database.close(),
    prepare: (sql) => {
      const statement = database.prepare(sql)
      return {
        reader: statement.reader,
        all: (parameters) => statement.all(...bindable(parameters)),
        run: (parameters) => statement.run(...bindable(parameters)),
        iterate: (parameters) => statement.iterate(...bindable(parameters)),
      }
    },
  }
}
