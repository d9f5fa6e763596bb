import { join } from 'node:path'
import type Database from 'libsql'
import { codeOf } from '../failures.ts'
import { entries, type FileIdentity, identityOf, remove, same, secureFile, secureFolder } from './folder.ts'
import { openDatabase } from './libsql.ts'

/**
 * The files that tell which owners live on one machine: each process holds an exclusive transaction on a small file of its
 * own for as long as it lives. The system frees that lock when the process ends, however it ends, and keeps it while the
 * process is merely stopped.
 */
export interface OwnerFiles {
  /** Takes this process's lock, or takes it anew where its file was removed. True: it was not held before this call. */
  hold(): boolean
  /** Takes the lock of another owner, which is free only when that owner is dead; undefined where it lives. */
  lockOfDead(id: string): DeadOwner | undefined
  /** The owners whose files are there, dead or alive. */
  all(): string[]
  /** Frees this process's lock; its file goes with it unless it `owes`. */
  release(owes: boolean): void
}

/** The lock of a dead owner, held by this process. */
export interface DeadOwner {
  /** Frees the lock; `bury` takes the file away first, while nobody else can hold it. */
  release(bury: boolean): void
}

export function ownerFiles(stateFolder: string, ownId: string): OwnerFiles {
  const folder = join(stateFolder, 'owners')
  const pathOf = (id: string) => join(folder, `${id}.db`)
  const own = pathOf(ownId)
  let held: { database: Database.Database; file: FileIdentity | undefined } | undefined

  return {
    hold: () => {
      if (held && same(held.file, identityOf(own))) return false
      // The file was taken away, so the lock on it proves nothing to anybody any more.
      held?.database.close()
      held = undefined
      secureFolder(folder)
      secureFile(own)
      const file = identityOf(own)
      const database = lock(own)
      if (!database || !same(file, identityOf(own))) {
        database?.close()
        // Another process is looking whether the new file is a dead owner's. That takes a moment, so it is waited for like
        // any lock.
        throw Object.assign(new Error(`the lock ${own} is held`), { code: 'SQLITE_BUSY' })
      }
      held = { database, file }
      return true
    },
    lockOfDead: (id) => {
      const path = pathOf(id)
      // An owner makes sure of its file before it records or sends, so a file that is gone is nobody's.
      if (!identityOf(path)) return { release: () => undefined }
      const database = lock(path)
      return (
        database && {
          release: (bury) => {
            if (bury) remove(path)
            database.close()
          },
        }
      )
    },
    all: () => entries(folder).flatMap((name) => (name.endsWith('.db') ? [name.slice(0, -'.db'.length)] : [])),
    release: (owes) => {
      if (held && !owes && same(held.file, identityOf(own))) remove(own)
      held?.database.close()
      held = undefined
    },
  }
}

/** Begins an exclusive transaction on the file; undefined where another connection holds it. */
function lock(path: string): Database.Database | undefined {
  const database = openDatabase(path)
  try {
    // Nothing is ever written to the file, so it needs no rollback journal beside it either.
    database.exec('pragma journal_mode = memory')
    database.exec('begin exclusive')
    return database
  } catch (failure) {
    database.close()
    if (codeOf(failure).startsWith('SQLITE_BUSY')) return undefined
    throw failure
  }
}
