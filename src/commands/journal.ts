import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { thisMachine } from '../config/machine.ts'
import { type Config, readConfig } from '../config.ts'
import type { Journal } from '../journal/journal.ts'
import { tools } from '../tools/index.ts'

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
  return databaseUrl !== undefined || existsSync(join(stateDir, 'journal.db'))
}

/**
 * Runs a command over the journal, of every account, and closes it.
 *
 * @returns the command's exit code; 2 where the configuration is wrong.
 */
export async function withJournal(
  env: Readonly<Record<string, string | undefined>>,
  command: (journal: Journal) => Promise<number>,
  print: (line: string) => void,
): Promise<number> {
  const read = readConfig(env, thisMachine(), tools)
  if ('problems' in read) {
    process.stderr.write(`did-mcp cannot start:\n${read.problems.map((problem) => `- ${problem}\n`).join('')}`)
    return 2
  }
  if (!hasJournal(read.config)) {
    print(`There is no journal yet in ${read.config.stateDir}: nothing has been written to a carrier from here.`)
    return 0
  }
  const journal = await openJournal(read.config)
  try {
    return await command(journal)
  } finally {
    await journal.close()
  }
}
