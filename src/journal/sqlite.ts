import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kysely, sql } from 'kysely'
import type Database from 'libsql'
import { databaseJournal } from './database.ts'
import type { Db, Engine, Trx } from './engine.ts'
import { codeOf, type DatabaseFailure, guardedBy, unavailable } from './failures.ts'
import {
  type FileIdentity,
  fills,
  identityOf,
  isEmpty,
  journalFile,
  remove,
  same,
  secureFile,
  secureFolder,
} from './folder.ts'
import { type Journal, JournalUnavailable } from './journal.ts'
import { openDatabase } from './libsql.ts'
import { beginReading, LibsqlDialect } from './libsql-dialect.ts'
import { migrate } from './migrations.ts'
import { type DeadOwner, ownerFiles } from './owner-files.ts'
import type { Tables } from './tables.ts'

export interface SqliteJournalOptions {
  /** The state folder; made where it is missing. The journal is `journal.db` in it. */
  folder: string
  /** How long a call waits for other processes' writes; 10 s unless told. */
  lockWaitMs?: number
}

/**
 * The journal of one machine, shared by all its processes. Throws {@link JournalUnavailable} where the folder or the file
 * cannot be trusted, read or written; an existing file is never overwritten.
 */
export async function openSqliteJournal(options: SqliteJournalOptions): Promise<Journal> {
  const { folder, lockWaitMs = 10_000 } = options
  const path = journalFile(folder)
  secureFolder(folder)
  const made = secureFile(path)
  if (!made && !(await fills(path, Math.min(lockWaitMs, 2_000)))) throw new JournalUnavailable(words.empty(path))
  const file = identityOf(path)
  let database: Database.Database | undefined
  try {
    database = await patiently(async () => openFile(path), lockWaitMs)
    const db = new Kysely<Tables>({ dialect: new LibsqlDialect(database) })
    const engine = sqliteEngine({ db, database, path, file, folder, lockWaitMs })
    await migrate({ begun, read: engine.read, alone: engine.write })
    return databaseJournal(engine)
  } catch (failure) {
    database?.close()
    // A journal that never began is no journal: the next opening makes a new one.
    if (made && same(file, identityOf(path)) && isEmpty(path)) remove(path)
    throw unavailable(failure, explain(path, lockWaitMs))
  }
}

interface OpenFile {
  db: Db
  database: Database.Database
  path: string
  file: FileIdentity | undefined
  folder: string
  lockWaitMs: number
}

function sqliteEngine({ db, database, path, file, folder, lockWaitMs }: OpenFile): Engine {
  const ownerId = randomBytes(16).toString('hex')
  const owners = ownerFiles(folder, ownerId)
  const guard = guardedBy(explain(path, lockWaitMs))
  const guarded = <T>(run: () => Promise<T>) => guard.run(() => patiently(run, lockWaitMs))
  const write = <T>(run: (trx: Trx) => Promise<T>) =>
    guarded(() => {
      if (!same(file, identityOf(path))) throw new JournalUnavailable(words.replaced(path))
      return db.transaction().execute(run)
    })
  return {
    ownerId,
    read: (run) => guarded(() => db.transaction().setAccessMode('read only').execute(run)),
    write,
    // Writers are one at a time already: `begin immediate`.
    serialize: async () => undefined,
    holdOwner: () => guarded(async () => owners.hold()),
    whileDead: async (id, run) => {
      const dead = await guarded(async () => owners.lockOfDead(id))
      return dead && releasing(dead, (bury) => write((trx) => run(trx, bury)))
    },
    strayOwners: async () => owners.all(),
    close: async (owes) => {
      if (!guard.close()) return
      owners.release(owes)
      database.close()
    },
  }
}

/** Runs a write while a dead owner's lock is held. Its file is taken away only where the write that buries it was committed. */
async function releasing<T>(dead: DeadOwner, run: (bury: () => void) => Promise<T>): Promise<T> {
  let buried = false
  let committed = false
  try {
    const result = await run(() => (buried = true))
    committed = true
    return result
  } finally {
    dead.release(buried && committed)
  }
}

/** libsql waits for locks synchronously, so it is told not to; the waiting is done here, with jitter, while others run. */
async function patiently<T>(run: () => Promise<T>, waitMs: number): Promise<T> {
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

function openFile(path: string): Database.Database {
  const database = openDatabase(path)
  try {
    beginReading(database)
    const foreign =
      journalMode(database) !== 'wal' && database.prepare('select name from sqlite_master').all().length > 0
    database.exec('commit')
    if (foreign) throw new JournalUnavailable(words.foreign(path))
    database.exec('pragma journal_mode = wal')
    if (journalMode(database) !== 'wal') throw new JournalUnavailable(words.noWal(path))
    // FULL: a commit is on the disk before it is believed, so a power cut loses no intent whose request was sent.
    database.exec('pragma synchronous = full')
    database.exec('pragma foreign_keys = on')
    return database
  } catch (failure) {
    database.close()
    throw failure
  }
}

function journalMode(database: Database.Database): string | undefined {
  const [row] = database.prepare('pragma journal_mode').all() as { journal_mode: string }[]
  return row?.journal_mode
}

async function begun(trx: Trx): Promise<boolean> {
  const found = await sql`select 1 from sqlite_master where name = 'schema_version'`.execute(trx)
  return found.rows.length > 0
}

const words = {
  empty: (path: string) =>
    `The journal ${path} is empty: it was cut, or its making was cut short. It was not touched. ` +
    'Restore it from a backup, or move it away to begin a new one.',
  replaced: (path: string) =>
    `The journal that is open is no longer the file at ${path}: it was moved, deleted or replaced. Nothing was recorded. ` +
    'Put it back, or restart did-mcp to go on with what is there.',
  foreign: (path: string) =>
    `${path} is another program's database. It was not touched. Set DID_MCP_STATE_DIR to another folder.`,
  noWal: (path: string) =>
    `The file system of ${path} cannot hold a journal that several processes share. ` +
    'Set DID_MCP_STATE_DIR to a folder on a local disk.',
}

/** By SQLite's result code, its longer forms (SQLITE_IOERR_WRITE) included. */
const remedies: readonly (readonly [code: string, what: string, remedy: string])[] = [
  ['SQLITE_FULL', 'its disk is full', 'Free some space; the same call works then'],
  ['SQLITE_NOTADB', 'it is not a database', 'Restore it from a backup, or move it away to begin a new one'],
  [
    'SQLITE_CORRUPT',
    'it is damaged',
    'Restore it from a backup, or move it away, -wal and -shm too, to begin a new one',
  ],
  ['SQLITE_BUSY', 'another process holds it', 'Try again; a stopped did-mcp process may hold it'],
  ['SQLITE_READONLY', 'it may not be written', 'Make the file and its folder writable'],
  ['SQLITE_CANTOPEN', 'it cannot be opened', 'Make the file and its folder readable and writable'],
  ['SQLITE_PERM', 'it may not be opened', 'Make the file and its folder readable and writable'],
  ['SQLITE_IOERR', 'its disk fails, or has no room', 'Look after the disk; the same call works once it is well'],
]

function explain(path: string, lockWaitMs: number): (failure: DatabaseFailure) => string {
  return ({ code, message }) => {
    const [, what, remedy] = remedies.find(([prefix]) => code.startsWith(prefix)) ?? [
      '',
      'it failed',
      'Look at the file and its folder',
    ]
    const waited = code.startsWith('SQLITE_BUSY') ? `, for more than ${Math.ceil(lockWaitMs / 1000)} s` : ''
    return `The journal ${path} cannot be used: ${what}${waited} (${message}). Nothing was changed. ${remedy}.`
  }
}
