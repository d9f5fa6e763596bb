import type { DatabaseFailure } from '../failures.ts'

/** Says what failed, in words, and what to do: for a person. */
export function explain(path: string, lockWaitMs: number): (failure: DatabaseFailure) => string {
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

/** The remedies by SQLite's result code, its longer forms (SQLITE_IOERR_WRITE) included. */
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
