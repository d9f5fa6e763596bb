import { randomBytes } from 'node:crypto'
import type Database from 'libsql'
import { databaseJournal } from '../database.ts'
import type { Engine, Trx } from '../engine.ts'
import { guardedBy, unavailable } from '../failures.ts'
import { type Journal, JournalUnavailable } from '../journal.ts'
import { migrate } from '../migrations.ts'
import { identityOf, journalFile, same, secureFolder } from './folder.ts'
import { patiently } from './libsql-dialect.ts'
import { type DeadOwner, ownerFiles } from './owner-files.ts'
import { explain } from './sqlite-failures.ts'
import { begun, type JournalFile, openJournalFile } from './sqlite-file.ts'

export interface SqliteJournalOptions {
  /** The state folder, made where it is missing. The journal is `journal.db` in it. */
  folder: string
  /** How long a call waits for other processes' writes, milliseconds; 10 s unless told. */
  lockWaitMs?: number
  /** How long nothing is written after a backup was restored, milliseconds; 130 s unless told. */
  quietMs?: number
}

/**
 * The journal of one machine, shared by all its processes. Throws {@link JournalUnavailable} where the folder or the file
 * cannot be trusted, read or written; an existing file is never overwritten.
 */
export async function openSqliteJournal(options: SqliteJournalOptions): Promise<Journal> {
  const { folder, lockWaitMs = 10_000, quietMs } = options
  const path = journalFile(folder)
  secureFolder(folder)
  let file: JournalFile | undefined
  try {
    file = await patiently(() => openJournalFile(path, lockWaitMs), lockWaitMs)
    const engine = sqliteEngine({ ...file, path, folder, lockWaitMs })
    await migrate({ begun, read: engine.read, alone: engine.write })
    return await databaseJournal(engine, quietMs)
  } catch (failure) {
    file?.database.close()
    throw unavailable(failure, explain(path, lockWaitMs))
  }
}

interface OpenFile extends JournalFile {
  path: string
  folder: string
  lockWaitMs: number
}

function sqliteEngine({ db, database, path, identity, mode, folder, lockWaitMs }: OpenFile): Engine {
  const ownerId = randomBytes(16).toString('hex')
  const owners = ownerFiles(folder, ownerId)
  const guard = guardedBy(explain(path, lockWaitMs))
  const guarded = <T>(run: () => Promise<T>) => guard.run(() => patiently(run, lockWaitMs))
  const write = <T>(run: (trx: Trx) => Promise<T>) =>
    guarded(() => {
      if (!same(identity, identityOf(path))) throw new JournalUnavailable(replaced(path))
      return db.transaction().execute(run)
    })
  return {
    ownerId,
    about: `SQLite ${versionOf(database)}, journal mode ${mode}`,
    warnings: mode === 'delete' ? [] : [notConverted(path, mode)],
    now: (wall = Date.now()) => wall,
    read: (run) => guarded(() => db.transaction().setAccessMode('read only').execute(run)),
    write,
    // SQLite has one writer at a time already, through `begin immediate`.
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
      // Closing alone neither ends the transaction of a call under way nor frees its lock before its statements are
      // collected.
      if (database.inTransaction) database.exec('rollback')
      database.close()
    },
  }
}

/**
 * Runs a write while a dead owner's lock is held. The owner's file is removed only where the write that buries it was
 * committed.
 */
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

function versionOf(database: Database.Database): string {
  const [row] = database.prepare('select sqlite_version() as version').all() as { version: string }[]
  return row?.version ?? 'unknown'
}

const notConverted = (path: string, mode: string) =>
  `The journal ${path} is still in SQLite's journal mode ${mode}, in which this version can lose commits when several ` +
  'processes write at once: another process had it open. Writes go on. It is converted at the next start where nobody ' +
  'else has it open: end every did-mcp, older ones too, and start one.'

const replaced = (path: string) =>
  `The journal that is open is no longer the file at ${path}: it was moved, deleted or replaced. Nothing was recorded. ` +
  'Put it back, or restart did-mcp to go on with what is there.'
