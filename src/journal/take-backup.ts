import { randomBytes } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import type Database from 'libsql'
import { unavailable } from './failures.ts'
import { JournalUnavailable } from './journal.ts'
import { mark } from './restored.ts'
import { identityOf, journalFile, place, remove, syncFolder } from './sqlite/folder.ts'
import { openDatabase } from './sqlite/libsql.ts'
import { patiently } from './sqlite/libsql-dialect.ts'
import { explain } from './sqlite/sqlite-failures.ts'
import { openJournalFile, openTables } from './sqlite/sqlite-file.ts'

/** How long a backup waits for other processes' writes, milliseconds. */
const waitMs = 10_000

/**
 * Copies the journal of a state folder, whole and as it is at one moment, while servers run. The copy is marked, so that
 * whoever opens it knows that it is one, and gets its name when it is whole.
 *
 * @returns how many operations it holds
 * @throws JournalUnavailable where there is no sound journal, the system's or SQLite's error where the copy cannot be
 * written (EEXIST where something has its name); nothing is left then
 */
export async function backUp(folder: string, file: string): Promise<number> {
  const path = journalFile(folder)
  if (identityOf(path) === undefined) throw new JournalUnavailable(words.none(folder))
  if (identityOf(file) !== undefined) throw Object.assign(new Error(`${file} exists`), { code: 'EEXIST' })
  const copy = `${file}.${randomBytes(4).toString('hex')}.part`
  const database = await openJournal(path)
  try {
    await patiently(async () => copyInto(copy, database), waitMs)
    const operations = await finish(copy)
    place(copy, file)
    syncFolder(dirname(file))
    return operations
  } finally {
    database.close()
    remove(copy)
    remove(`${copy}-journal`)
  }
}

async function openJournal(path: string): Promise<Database.Database> {
  try {
    return (await patiently(() => openJournalFile(path, waitMs), waitMs)).database
  } catch (failure) {
    throw unavailable(failure, explain(path, waitMs))
  }
}

function copyInto(copy: string, database: Database.Database): void {
  // SQLite's `vacuum into` takes an empty file alone, and a try that met a lock may have left something in it.
  remove(copy)
  closeSync(openSync(copy, 'wx', 0o600))
  database.exec(`vacuum into '${copy.replaceAll("'", "''")}'`)
}

async function finish(copy: string): Promise<number> {
  const database = openDatabase(copy)
  try {
    const db = await openTables(database, waitMs)
    const [check] = database.prepare('pragma quick_check').all() as { quick_check: string }[]
    if (check?.quick_check !== 'ok') throw new JournalUnavailable(words.unsound(check?.quick_check ?? 'no answer'))
    return await db.transaction().execute(async (trx) => {
      await mark(trx, Date.now())
      const count = trx.selectFrom('operations').select((eb) => eb.fn.countAll<number>().as('operations'))
      return (await count.executeTakeFirstOrThrow()).operations
    })
  } finally {
    database.close()
  }
}

const words = {
  none: (folder: string) => `There is no journal in ${folder} yet: it begins with the first write.`,
  unsound: (check: string) =>
    `The journal is damaged (${check.slice(0, 200)}). Restore an older backup, and keep the damaged file.`,
}
