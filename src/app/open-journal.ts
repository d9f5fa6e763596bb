import { lstatSync } from 'node:fs'
import type { Config, JournalPlace } from '../config/read-config.ts'
import type { Env } from '../config/variables.ts'
import type { Journal } from '../journal/journal.ts'
import { parsePostgresUrl } from '../journal/postgres/postgres-url.ts'
import { journalFile } from '../journal/sqlite/folder.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { readPlaceOfJournal, wronglySet } from './configuration.ts'

/** Opens the journal that the configuration names. Rejects with JournalUnavailable. */
export async function openJournal({ databaseUrl, stateDir, quietSeconds }: Opened): Promise<Journal> {
  const quietMs = quietSeconds === undefined ? undefined : quietSeconds * 1000
  if (databaseUrl === undefined) {
    const { openSqliteJournal } = await import('../journal/sqlite/sqlite.ts')
    return openSqliteJournal({ folder: stateDir, ...(quietMs !== undefined && { quietMs }) })
  }
  const { openPostgresJournal } = await import('../journal/postgres/postgres.ts')
  return openPostgresJournal({ url: databaseUrl, ...(quietMs !== undefined && { quietMs }) })
}

/** Whoever writes says how long nothing is written to a journal that was restored. */
type Opened = JournalPlace & Partial<Pick<Config, 'quietSeconds'>>

/**
 * Whether there is a journal to read. One is begun by the first write, not by whoever looks. One that cannot be looked at
 * counts as there, and opening it says why.
 */
export function hasJournal({ databaseUrl, stateDir }: JournalPlace): boolean {
  if (databaseUrl !== undefined) return true
  try {
    lstatSync(journalFile(stateDir))
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ENOENT')
  }
}

/**
 * Whether there is a journal, in PostgreSQL too, where only its tables say so: nothing is made by looking. One that cannot be
 * looked at counts as there, and opening it says why.
 */
export async function isBegun(place: JournalPlace): Promise<boolean> {
  if (place.databaseUrl === undefined) return hasJournal(place)
  const { hasTables } = await import('../journal/postgres/postgres.ts')
  return hasTables(place.databaseUrl).catch(() => true)
}

/** What a person at a terminal needs of a journal. */
export type PersonsJournal = Pick<
  Journal,
  | 'now'
  | 'readOperation'
  | 'readOperations'
  | 'settleNumbers'
  | 'readApprovals'
  | 'readQuestion'
  | 'answerQuestion'
  | 'readNoesInForce'
  | 'liftNo'
>

/** What readers are told until then. */
export const noJournalYet: PersonsJournal = {
  now: (wall) => wall,
  readOperation: async () => undefined,
  readOperations: async () => ({ operations: [], more: false }),
  settleNumbers: async () => undefined,
  readApprovals: async () => [],
  readQuestion: async () => undefined,
  answerQuestion: async () => undefined,
  readNoesInForce: async () => [],
  liftNo: async () => false,
}

/** A journal for a person who may have several: its folder, or its database's host and name, and no password. */
export function nameOf({ databaseUrl, stateDir }: JournalPlace): string {
  if (databaseUrl === undefined) return stateDir
  const { host, port, database } = parsePostgresUrl(databaseUrl)
  return `PostgreSQL at ${host}:${port}, database ${database}`
}

/**
 * Runs a command over the journal, of every account, and closes it.
 *
 * @param command is told what the journal is called
 * @returns the command's exit code; 2 where it is wrongly set where the journal lies.
 */
export async function withJournal(
  env: Env,
  command: (journal: PersonsJournal, name: string) => Promise<number>,
  { fail }: Pick<Terminal, 'fail'>,
): Promise<number> {
  const place = readPlaceOfJournal(env, fail)
  if (place === undefined) return wronglySet
  if (!hasJournal(place)) return command(noJournalYet, `none yet in ${place.stateDir}`)
  const journal = await openJournal(place)
  try {
    return await command(journal, nameOf(place))
  } finally {
    await journal.close()
  }
}
