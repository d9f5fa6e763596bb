import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  type Stats,
  unlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { codeOf } from '../failures.ts'
import { JournalUnavailable } from '../journal.ts'

/** The journal's file in its state folder. */
export function journalFile(folder: string): string {
  return join(folder, 'journal.db')
}

/** A file's identity: another file at the same path has another. */
export interface FileIdentity {
  dev: number
  ino: number
}

/**
 * Makes the state folder where it is missing, with mode 0700. Throws JournalUnavailable where it is a symlink, another
 * user's, or no folder: whoever can choose or change the files in it could rewrite what was done.
 */
export function secureFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (failure) {
    // Where something stands at the path, the checks below say better what is wrong with it.
    if (!entry(path)) throw refused(path, `it could not be made (${codeOf(failure)})`)
  }
  const stats = entry(path)
  if (!stats) throw refused(path, 'it could not be made')
  if (stats.isSymbolicLink()) throw refused(path, 'it is a symbolic link')
  if (!stats.isDirectory()) throw refused(path, 'it is no folder')
  keepToOurselves(path, stats, 0o700)
}

/**
 * Makes an empty file of our own at this path, with mode 0600, unless there is one. An existing one is never opened here:
 * closing a second descriptor would free SQLite's locks on it (POSIX).
 */
export function secureFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (failure) {
    if (codeOf(failure) !== 'EEXIST') throw refused(path, `it could not be made (${codeOf(failure)})`)
  }
  ownFile(path)
}

/** Whether there is a file at this path, which is then narrowed to 0600. Throws JournalUnavailable where it is not ours. */
export function ownFile(path: string): boolean {
  const stats = entry(path)
  if (!stats) return false
  if (!stats.isFile()) throw refused(path, 'it is no regular file')
  keepToOurselves(path, stats, 0o600)
  return true
}

/** Gives a whole file its name, unless something has that name: of two processes one wins. Throws the system's error. */
export function place(made: string, path: string): void {
  try {
    linkSync(made, path)
  } catch (failure) {
    // Some file systems have no links; there the check and the rename are one step of this process.
    if (codeOf(failure) === 'EEXIST' || codeOf(failure) === 'ENOENT' || entry(path)) throw failure
    renameSync(made, path)
  }
}

/** Waits until the folder's entries are on the disk. Windows cannot do this for a folder, so it is left out there. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** Gives a file another name and returns that name, so that nobody takes the file away; undefined where it is empty. */
export function setAside(path: string): string | undefined {
  if (!entry(path)?.size) return undefined
  const kept = `${path}.damaged-${Date.now()}`
  try {
    renameSync(path, kept)
    return kept
  } catch {
    return undefined
  }
}

/** The names in a folder; none where it cannot be read. */
export function entries(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

export function identityOf(path: string): FileIdentity | undefined {
  const stats = entry(path)
  return stats && { dev: stats.dev, ino: stats.ino }
}

export function same(a: FileIdentity | undefined, b: FileIdentity | undefined): boolean {
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino
}

/** Removes a file, whether or not it is still there. */
export function remove(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // The file is gone already, or on Windows still open: then whoever next finds its owner dead removes it.
  }
}

function entry(path: string): Stats | undefined {
  try {
    return lstatSync(path)
  } catch {
    return undefined
  }
}

function keepToOurselves(path: string, stats: Stats, mode: number): void {
  // Windows has no owners and modes of this kind; there the user's profile protects the folder.
  if (process.getuid === undefined) return
  if (stats.uid !== process.getuid()) throw refused(path, 'it belongs to another user')
  if ((stats.mode & 0o777) === mode) return
  try {
    chmodSync(path, mode)
  } catch (failure) {
    throw refused(path, `its permissions could not be narrowed (${codeOf(failure)})`)
  }
}

function refused(path: string, why: string): JournalUnavailable {
  return new JournalUnavailable(
    `The journal cannot lie at ${path}: ${why}. Nothing was changed. ` +
      'Set DID_MCP_STATE_DIR to a folder of your own on a local disk, or put this one right.',
  )
}
