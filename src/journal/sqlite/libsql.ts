import { createRequire } from 'node:module'
import type Database from 'libsql'
import { codeOf } from '../failures.ts'
import { JournalUnavailable } from '../journal.ts'

/**
 * Opens a file with SQLite's engine, which is native code in a package for each platform. It waits for no lock: libsql
 * would do that synchronously.
 *
 * @throws JournalUnavailable where that package is not installed or cannot be loaded; what SQLite throws otherwise.
 */
export function openDatabase(path: string): Database.Database {
  const Engine = engine()
  return new Engine(path, { timeout: 0 })
}

/**
 * The `require` that loads libsql: an error that a CommonJS package throws while it is imported ends the process on Node 20.
 */
const load = createRequire(import.meta.url)

function engine(): typeof Database {
  try {
    return load('libsql')
  } catch (error) {
    throw new JournalUnavailable(
      `SQLite's engine for this platform (${process.platform}-${process.arch}) is not installed or cannot be loaded ` +
        `(${codeOf(error) ?? 'unknown error'}). Install did-mcp anew on this machine, without --omit=optional; a bundle ` +
        'must be the one for this platform.',
    )
  }
}
