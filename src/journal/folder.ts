import { chmodSync, closeSync, lstatSync, mkdirSync, openSync, type Stats, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf } from './failures.ts'
import { JournalUnavailable } from './journal.ts'

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
 * The state folder, made where it is missing, 0700. Throws JournalUnavailable where it is a symlink, another user's, or no
 * folder: whoever can choose or change the files in it could rewrite what was done.
 */
export function secureFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (failure) {
    // The checks below say better what stands in the way.
    if (!entry(path)) throw refused(path, `it could not be made (${codeOf(failure)})`)
  }
  const stats = entry(path)
  if (!stats) throw refused(path, 'it could not be made')
  if (stats.isSymbolicLink()) throw refused(path, 'it is a symbolic link')
  if (!stats.isDirectory()) throw refused(path, 'it is no folder')
  keepToOurselves(path, stats, 0o700)
}

/**
 * An empty file of our own at this path, 0600. True: it was made now; false: there was one.
 * An existing one is never opened here: closing a second descriptor would free SQLite's locks on it (POSIX).
 */
export function secureFile(path: string): boolean {
  let made = false
  try {
    closeSync(openSync(path, 'wx', 0o600))
    made = true
  } catch (failure) {
    if (codeOf(failure) !== 'EEXIST') throw refused(path, `it could not be made (${codeOf(failure)})`)
  }
  const stats = entry(path)
  if (!stats?.isFile()) throw refused(path, 'it is no regular file')
  keepToOurselves(path, stats, 0o600)
  return made
}

/** Waits until another process has begun to fill the file that it made; false: it stays empty. */
export async function fills(path: string, waitMs: number): Promise<boolean> {
  const deadline = performance.now() + waitMs
  for (;;) {
    if (!isEmpty(path)) return true
    if (performance.now() > deadline) return false
    await sleep(5)
  }
}

export function isEmpty(path: string): boolean {
  return entry(path)?.size === 0
}

export function identityOf(path: string): FileIdentity | undefined {
  const stats = entry(path)
  return stats && { dev: stats.dev, ino: stats.ino }
}

export function same(a: FileIdentity | undefined, b: FileIdentity | undefined): boolean {
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino
}

/** Whether or not it is there any more. */
export function remove(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // Gone already; or, on Windows, still open: whoever finds it dead next removes it.
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
