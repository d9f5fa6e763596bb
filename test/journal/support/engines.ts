import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach } from 'vitest'
import type { Journal } from '../../../src/journal/journal.ts'
import { openPlace, type Place } from './places.ts'

export const databaseUrl = process.env.DID_MCP_TEST_DATABASE_URL

if (databaseUrl === undefined) {
  process.stderr.write(
    '\n*** DID_MCP_TEST_DATABASE_URL is not set: the journal is NOT tested on PostgreSQL, only on SQLite. ***\n\n',
  )
}

const all = [
  { engine: 'SQLite', place: sqlitePlace },
  { engine: 'PostgreSQL', place: postgresPlace },
]

/** For describe.each: SQLite always, PostgreSQL where there is one. */
export const engines = all.slice(0, databaseUrl === undefined ? 1 : 2)

const opened: Journal[] = []
const undo: (() => unknown)[] = []

/** Opens a journal that is closed after the test. */
export async function openAt(place: Place): Promise<Journal> {
  const journal = await openPlace(place)
  opened.push(journal)
  return journal
}

/** Runs when the test has ended; the last one first, after the journals are closed. */
export function afterwards(task: () => unknown): void {
  undo.push(task)
}

export function sqlitePlace(): Place & { engine: 'sqlite' } {
  const folder = mkdtempSync(join(tmpdir(), 'did-mcp-journal-'))
  afterwards(() => rmSync(folder, { recursive: true, force: true }))
  return { engine: 'sqlite', folder }
}

export function postgresPlace(): Place & { engine: 'postgres' } {
  const schema = `did_mcp_test_${randomUUID()}`
  afterwards(() => onDatabase(`drop schema if exists "${schema}" cascade`))
  return { engine: 'postgres', url: databaseUrl ?? '', schema }
}

/** A statement beside the journal's own, on the test database. */
export async function onDatabase(statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((journal) => journal.close()))
  for (const task of undo.splice(0).reverse()) await task()
})
