import type { Journal } from '../../../src/journal/journal.ts'
import { openPostgresJournal } from '../../../src/journal/postgres/postgres.ts'
import { openSqliteJournal } from '../../../src/journal/sqlite/sqlite.ts'

/** Where a journal lies: plain data, so that a process can be told. */
export type Place =
  | { engine: 'sqlite'; folder: string; lockWaitMs?: number; quietMs?: number }
  | { engine: 'postgres'; url: string; schema: string; quietMs?: number }

/** The journal there; with few connections, because many processes open the same. */
export function openPlace(place: Place): Promise<Journal> {
  return place.engine === 'sqlite' ? openSqliteJournal(place) : openPostgresJournal({ ...place, poolSize: 2 })
}
