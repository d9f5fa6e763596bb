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

/** A journal's file, open, with its tables. */
export interface JournalFile {
  database: Database.Database
  db: Db
  /** Which file it is: another one at the same path is another journal. */
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

/** The tables of a file that nobody else writes, made and at the latest version. */
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
 * A commit is on the disk before it is believed, so a power cut loses no intent whose request was sent. `extra`: in the
 * journal mode `delete` a commit is the rollback journal's removal from its folder, which `full` does not wait for.
 * `fullfsync`: on macOS a plain fsync leaves the bytes in the drive's own memory; elsewhere it says nothing.
 */
function durably(database: Database.Database): void {
  database.exec('pragma synchronous = extra')
  database.exec('pragma fullfsync = on')
  database.exec('pragma foreign_keys = on')
  // What is not committed stays in memory: written earlier, it would need a lock in the midst of a transaction.
  database.exec('pragma cache_spill = off')
}

/** Made whole under another name and then put in its place: a process killed while making it leaves nothing in the way. */
async function make(path: string, waitMs: number): Promise<void> {
  const orphan = [`${path}-wal`, `${path}-journal`].find((log) => identityOf(log) !== undefined)
  // SQLite would take it for the new journal's own, and bring the old one's pages back into it.
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
    // Another process was first, and swept this one away: its journal is as good.
    if (!ownFile(path)) throw failure
  } finally {
    remove(making)
  }
}

const madeAs = '.new-'

/** Whoever finds a journal in its place takes away what was begun beside it: its maker then goes on with the one in place. */
function sweep(path: string): void {
  for (const name of entries(dirname(path))) {
    if (name.startsWith(`${basename(path)}${madeAs}`)) remove(`${dirname(path)}/${name}`)
  }
}

/** A journal is put in its place whole, so a file without its tables was one and is damaged, or is another program's. */
function refuseForeign(path: string, database: Database.Database): void {
  beginReading(database)
  const names = new Set(
    (database.prepare('select name from sqlite_master').all() as { name: string }[]).map(({ name }) => name),
  )
  database.exec('commit')
  if (['schema_version', 'operations', 'numbers', 'claims'].every((table) => names.has(table))) return
  if (names.size > 0) throw new JournalUnavailable(words.foreign(path))
  // SQLite takes a log that it cannot read away when it closes the file; there may be more in it than it can see.
  throw new JournalUnavailable(words.damaged(path, setAside(`${path}-wal`)))
}

/** SQLite 3.45.1, libsql's, can lose commits in WAL mode where two processes reset the log at once. */
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
