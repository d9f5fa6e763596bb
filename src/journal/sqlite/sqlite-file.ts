import { randomBytes } from 'node:crypto'
import { basename, dirname } from 'node:path'
import { Kysely, sql } from 'kysely'
import type Database from 'libsql'
import type { Db, Trx } from '../engine.ts'
import { codeOf } from '../failures.ts'
import { JournalUnavailable } from '../journal.ts'
import { migrate } from '../migrations.ts'
import type { Tables } from '../tables.ts'
import {
  entries,
  type FileIdentity,
  identityOf,
  ownFile,
  place,
  remove,
  same,
  secureFile,
  setAside,
  syncFolder,
} from './folder.ts'
import { openDatabase } from './libsql.ts'
import { beginReading, LibsqlDialect } from './libsql-dialect.ts'

/** An open journal file, with its tables. */
export interface JournalFile {
  database: Database.Database
  db: Db
  /** The file's identity: another file at the same path is another journal. */
  identity: FileIdentity | undefined
  /** SQLite's journal mode: `delete`, or `wal` where an older journal could not be converted yet. */
  mode: string
}

/**
 * Opens the journal's file, and makes it first where there is none. Converts one that an older did-mcp left in WAL mode,
 * where nobody else has it open.
 *
 * @param waitMs how long a commit waits for others' reading
 * @throws JournalUnavailable for a file that is no journal of ours; it is left as it is
 */
export async function openJournalFile(path: string, waitMs: number): Promise<JournalFile> {
  if (!ownFile(path)) await make(path, waitMs)
  sweep(path)
  const identity = identityOf(path)
  const database = openDatabase(path)
  try {
    if (!same(identity, identityOf(path))) throw new JournalUnavailable(words.changing(path))
    refuseForeign(path, database)
    leaveWal(database)
    durably(database)
    return { database, db: dbOf(database, waitMs), identity, mode: journalMode(database) }
  } catch (failure) {
    database.close()
    throw failure
  }
}

/** Whether the tables were begun. */
export async function begun(trx: Trx): Promise<boolean> {
  const found = await sql`select 1 from sqlite_master where name = 'schema_version'`.execute(trx)
  return found.rows.length > 0
}

/** Makes the tables of a file that nobody else writes, or brings them to the latest version. */
export async function openTables(database: Database.Database, waitMs: number): Promise<Db> {
  durably(database)
  const db = dbOf(database, waitMs)
  await migrate({
    begun,
    read: (run) => db.transaction().setAccessMode('read only').execute(run),
    alone: (run) => db.transaction().execute(run),
  })
  return db
}

function dbOf(database: Database.Database, waitMs: number): Db {
  return new Kysely<Tables>({ dialect: new LibsqlDialect(database, waitMs) })
}

/**
 * Sets SQLite so that a commit is on the disk before it is believed, and a power cut loses no intent whose request was sent.
 * `extra`: in the journal mode `delete` a commit is the rollback journal's removal from its folder, which `full` does not
 * wait for. `fullfsync`: on macOS a plain fsync leaves the bytes in the drive's own memory; elsewhere it says nothing.
 */
function durably(database: Database.Database): void {
  database.exec('pragma synchronous = extra')
  database.exec('pragma fullfsync = on')
  database.exec('pragma foreign_keys = on')
  // Uncommitted pages stay in memory: writing them earlier would need a lock in the midst of a transaction.
  database.exec('pragma cache_spill = off')
}

/**
 * Makes a journal whole under another name and then puts it in its place: a process killed while making it leaves nothing in
 * the way.
 */
async function make(path: string, waitMs: number): Promise<void> {
  const orphan = [`${path}-wal`, `${path}-journal`].find((log) => identityOf(log) !== undefined)
  // SQLite would take an orphaned log for the new journal's own, and bring the old journal's pages back into it.
  if (orphan !== undefined && identityOf(path) === undefined) throw new JournalUnavailable(words.orphan(path, orphan))
  const making = `${path}${madeAs}${randomBytes(8).toString('hex')}`
  try {
    secureFile(making)
    const database = openDatabase(making)
    try {
      await openTables(database, waitMs)
    } finally {
      database.close()
    }
    place(making, path)
    syncFolder(dirname(path))
  } catch (failure) {
    // Another process was first and swept this file away; the journal that it put in place is as good.
    if (!ownFile(path)) throw failure
  } finally {
    remove(making)
  }
}

const madeAs = '.new-'

/** Removes the journals that were begun beside the one in place: each maker then goes on with the one in place. */
function sweep(path: string): void {
  for (const name of entries(dirname(path))) {
    if (name.startsWith(`${basename(path)}${madeAs}`)) remove(`${dirname(path)}/${name}`)
  }
}

/**
 * Refuses a file without the journal's tables. A journal is put in its place whole, so such a file was one and is damaged,
 * or is another program's.
 */
function refuseForeign(path: string, database: Database.Database): void {
  beginReading(database)
  const names = new Set(
    (database.prepare('select name from sqlite_master').all() as { name: string }[]).map(({ name }) => name),
  )
  database.exec('commit')
  if (['schema_version', 'operations', 'numbers', 'claims'].every((table) => names.has(table))) return
  if (names.size > 0) throw new JournalUnavailable(words.foreign(path))
  // SQLite deletes a log that it cannot read when it closes the file, and there may be more in it than SQLite can see, so
  // the log is set aside.
  throw new JournalUnavailable(words.damaged(path, setAside(`${path}-wal`)))
}

/** Leaves WAL mode: SQLite 3.45.1, libsql's, can lose commits in it where two processes reset the log at once. */
function leaveWal(database: Database.Database): void {
  if (journalMode(database) !== 'wal') return
  try {
    database.exec('pragma journal_mode = delete')
  } catch (failure) {
    if (!codeOf(failure).startsWith('SQLITE_BUSY')) throw failure
  }
}

function journalMode(database: Database.Database): string {
  const [row] = database.prepare('pragma journal_mode').all() as { journal_mode: string }[]
  return row?.journal_mode ?? 'unknown'
}

const words = {
  changing: (path: string) =>
    `The journal ${path} was moved or replaced while it was being opened. Nothing was changed. Try again.`,
  orphan: (path: string, log: string) =>
    `There is no journal at ${path}, but ${log} is the log of one. Nothing was changed. ` +
    'Put the journal back beside it; to begin a new one move that file away, too.',
  foreign: (path: string) =>
    `${path} is another program's database. It was not touched. Set DID_MCP_STATE_DIR to another folder.`,
  damaged: (path: string, log: string | undefined) =>
    `The journal ${path} is damaged: it has lost its tables, so it was cut, or the log that lay beside it is gone or ` +
    `damaged. It was not touched${log === undefined ? '' : `; what is left of its log was kept as ${log}`}. ` +
    'Restore it from a backup, or move it away to begin a new one, which knows nothing of what was sent.',
}
