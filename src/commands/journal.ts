import { existsSync } from 'node:fs'
import type { Config } from '../config.ts'
import { journalFile } from '../journal/folder.ts'
import type { Journal } from '../journal/journal.ts'
import { readConfiguration, wronglySet } from './configuration.ts'
import type { Terminal } from './terminal.ts'

/** Opens the journal that the configuration names. Rejects with JournalUnavailable. */
export async function openJournal({ databaseUrl, stateDir }: Config): Promise<Journal> {
  if (databaseUrl === undefined) {
    const { openSqliteJournal } = await import('../journal/sqlite.ts')
    return openSqliteJournal({ folder: stateDir })
  }
  const { openPostgresJournal } = await import('../journal/postgres.ts')
  return openPostgresJournal({ url: databaseUrl })
}

/** Whether there is a journal to read. One is begun by the first write, not by whoever looks. */
export function hasJournal({ databaseUrl, stateDir }: Config): boolean {
  return databaseUrl !== undefined || existsSync(journalFile(stateDir))
}

/** What readers are told until then. */
export const noJournalYet: Pick<Journal, 'operation' | 'operations'> = {
  operation: async () => undefined,
  operations: async () => ({ operations: [], more: false }),
}

/**
 * Runs a command over the journal, of every account, and closes it.
 *
 * @returns the command's exit code; 2 where the configuration is wrong.
 */
export async function withJournal(
  env: Readonly<Record<string, string | undefined>>,
  command: (journal: Journal) => Promise<number>,
  { print, fail }: Pick<Terminal, 'print' | 'fail'>,
): Promise<number> {
  const config = readConfiguration(env, fail)
  if (config === undefined) return wronglySet
  if (!hasJournal(config)) {
    print(`There is no journal yet in ${config.stateDir}: nothing has been written to a carrier from here.`)
    return 0
  }
  const journal = await openJournal(config)
  try {
    return await command(journal)
  } finally {
    await journal.close()
  }
}
