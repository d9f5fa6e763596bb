import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { readPlaceOfJournal, wronglySet } from '../app/configuration.ts'
import type { Env } from '../config/variables.ts'
import { JournalUnavailable } from '../journal/journal.ts'
import { backUp } from '../journal/take-backup.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { whyNotWritten } from '../terminal/why-not-written.ts'

/**
 * `did-mcp backup FILE`: a whole, consistent copy of the SQLite journal, while servers run. A file that exists is refused.
 *
 * @returns 0; 1 where nothing was written, 2 where the configuration is wrong or the journal is PostgreSQL's.
 */
export async function backup(name: string, env: Env, terminal: Terminal): Promise<number> {
  const place = readPlaceOfJournal(env, terminal.fail)
  if (place === undefined) return wronglySet
  if (place.databaseUrl !== undefined) {
    terminal.fail(inPostgres)
    return wronglySet
  }
  const file = resolve(name)
  try {
    const operations = await backUp(place.stateDir, file)
    const kilobytes = Math.ceil(statSync(file).size / 1024)
    terminal.print(
      `${operations} ${operations === 1 ? 'operation' : 'operations'} written to ${file} (${kilobytes} KB)`,
    )
    terminal.print(
      'It is marked: whoever first opens it as a journal writes nothing for the quiet time (docs/backup.md).',
    )
    return 0
  } catch (error) {
    terminal.fail(`No backup was written: ${reason(error, file)}`)
    return 1
  }
}

const inPostgres = `This journal is in PostgreSQL, so no file was written: back it up with the database's own tools (pg_dump, or
continuous archiving). After a restore mark it, before any did-mcp starts (docs/backup.md):
  insert into did_mcp.moments (name, at) values ('marked', 0) on conflict (name) do nothing`

function reason(error: unknown, file: string): string {
  if (error instanceof JournalUnavailable) return error.message
  const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST'
  return exists ? `${file} exists. It was not touched. Choose another name.` : whyNotWritten(error, file)
}
