import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Journal } from '../../src/journal/journal.ts'
import { openPostgresJournal } from '../../src/journal/postgres.ts'
import { openSqliteJournal } from '../../src/journal/sqlite.ts'

/** Where a journal lies: plain data, so that a process can be told. */
export type Place = { engine: 'sqlite'; folder: string } | { engine: 'postgres'; url: string; schema: string }

export function openPlace(place: Place): Promise<Journal> {
  return place.engine === 'sqlite'
    ? openSqliteJournal({ folder: place.folder })
    : openPostgresJournal({ url: place.url, schema: place.schema, poolSize: 2 })
}

export function newPlace(engine: Place['engine']): Place {
  if (engine === 'sqlite') return { engine, folder: join(mkdtempSync(join(tmpdir(), 'did-mcp-crash-')), 'state') }
  const url = process.env.DID_MCP_TEST_DATABASE_URL
  if (url === undefined) throw new Error('DID_MCP_TEST_DATABASE_URL is not set')
  return { engine, url, schema: `did_mcp_crash_${randomUUID().replaceAll('-', '')}` }
}

export async function removePlace(place: Place): Promise<void> {
  if (place.engine === 'sqlite') return rmSync(join(place.folder, '..'), { recursive: true, force: true })
  const client = new pg.Client({ connectionString: place.url })
  await client.connect()
  await client.query(`drop schema if exists "${place.schema}" cascade`)
  await client.end()
}
