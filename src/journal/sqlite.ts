import { randomBytes } from 'node:crypto'
import { databaseJournal } from './database.ts'
import type { Engine, Trx } from './engine.ts'
import { type DatabaseFailure, guardedBy, unavailable } from './failures.ts'
import { identityOf, journalFile, same, secureFolder } from './folder.ts'
import { type Journal, JournalUnavailable } from './journal.ts'
import { patiently } from './libsql-dialect.ts'
import { migrate } from './migrations.ts'
import { type DeadOwner, ownerFiles } from './owner-files.ts'
import { begun, type JournalFile, openJournalFile } from './sqlite-file.ts'

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
  let file: JournalFile | undefined
  try {
    file = await patiently(() => openJournalFile(path, lockWaitMs), lockWaitMs)
    const engine = sqliteEngine({ ...file, path, folder, lockWaitMs })
    await migrate({ begun, read: engine.read, alone: engine.write })
    return databaseJournal(engine)
  } catch (failure) {
    file?.database.close()
    throw unavailable(failure, explain(path, lockWaitMs))
  }
}

interface Open extends JournalFile {
  path: string
  folder: string
  lockWaitMs: number
}

function sqliteEngine({ db, database, path, identity, folder, lockWaitMs }: Open): Engine {
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

const replaced = (path: string) =>
  `The journal that is open is no longer the file at ${path}: it was moved, deleted or replaced. Nothing was recorded. ` +
  'Put it back, or restart did-mcp to go on with what is there.'

/** By SQLite's result code, its longer forms (SQLITE_IOERR_WRITE) included. */
const remedies: readonly (readonly [code: string, what: string, remedy: string])[] = [
  ['SQLITE_FULL', 'its disk is full', 'Free some space; the same call works then'],
  ['SQLITE_NOTADB', 'it is not a database', 'Restore it from a backup, or move it away to begin a new one'],
  [
    'SQLITE_CORRUPT',
    'it is damaged',
    'Restore it from a backup, or move it away, with what lies beside it under its name, to begin a new one',
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
