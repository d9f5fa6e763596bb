import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
export async function leaveJournal({ folder }: State): Promise<void> {
  // By another process: libsql keeps a closed file open until its statements are collected.
  const [child] = await startProcesses(1)
  await child?.open({ engine: 'sqlite', folder })
  await child?.record([intent('assignDID', numbers(300))])
  await child?.kill()
}

/** The same as an older did-mcp left it: all of it in the log beside the file, which holds nothing of it yet. */
export async function leaveOldJournal(state: State): Promise<void> {
  await leaveJournal(state)
  const { path } = state
  const whole = readFileSync(path)
  // Made anew in WAL mode by a process that is killed, so that nobody carries the log over into the file.
  const script = `
    const Database = require('libsql')
    const database = new Database(process.argv[1])
    database.exec('pragma journal_mode = wal')
    database.exec('pragma wal_autocheckpoint = 0')
    database.exec('pragma foreign_keys = off')
    database.exec("attach '" + process.argv[2] + "' as whole")
    database.exec('begin immediate')
    const made = database.prepare('select type, name, sql from whole.sqlite_master where sql is not null').all()
    for (const { type, name, sql } of made) {
      database.exec(sql)
      if (type === 'table') database.exec('insert into main.' + name + ' select * from whole.' + name)
    }
    database.exec('commit')
    process.kill(process.pid, 'SIGKILL')`
  writeFileSync(`${path}.whole`, whole)
  rmSync(path)
  spawnSync(process.execPath, ['-e', script, path, `${path}.whole`], { stdio: 'inherit' })
  rmSync(`${path}.whole`)
  for (const file of [path, `${path}-wal`, `${path}-shm`]) chmodSync(file, 0o600)
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
