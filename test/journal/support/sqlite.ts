import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import Database from 'libsql'
import { type Journal, JournalUnavailable } from '../../../src/journal/journal.ts'
import { openAt, sqlitePlace } from './engines.ts'
import { intent, numbers } from './intents.ts'
import { startProcesses } from './processes.ts'

/** A state folder that is not there yet, and the journal in it. */
export interface State {
  folder: string
  /** The journal's file. */
  path: string
  open(): Promise<Journal>
}

export function newState(): State {
  const place = sqlitePlace()
  const folder = join(place.folder, 'state')
  return { folder, path: join(folder, 'journal.db'), open: () => openAt({ ...place, folder }) }
}

/** A journal of a process that has ended, all in one file, with one operation. */
export async function leaveJournal({ folder, path }: State): Promise<void> {
  // By another process: libsql keeps a closed file open until its statements are collected.
  const [child] = await startProcesses(1)
  await child?.open({ engine: 'sqlite', folder })
  await child?.record([intent('assignDID', numbers(300))])
  await child?.kill()
  const database = new Database(path)
  database.exec('pragma wal_checkpoint(truncate)')
  database.close()
}

/** What a call was refused with, which must be the journal's own error. */
export const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'it was accepted',
    (error: unknown) => (error instanceof JournalUnavailable ? error.message : `not JournalUnavailable: ${error}`),
  )

/** Whether a command did what it was told. */
export function run(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}
