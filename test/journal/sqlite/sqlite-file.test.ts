import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'
import Database from 'libsql'
import { beforeEach, describe, expect, test } from 'vitest'
import { afterwards } from '../support/engines.ts'
import { allow, intent, perform } from '../support/intents.ts'
import { startProcesses } from '../support/processes.ts'
import { leaveJournal, leaveOldJournal, newState, refusal, type State } from '../support/sqlite.ts'

let state: State
beforeEach(() => {
  state = newState()
})

const files = () => readdirSync(state.folder).filter((name) => name !== 'owners')
/** As the file's header says: no engine, which would keep the file open. */
const modeOf = (path: string) => (readFileSync(path)[18] === 2 ? 'wal' : 'delete')

describe('a new journal', () => {
  test('is one file, in the journal mode delete, and commits wait for the disk', async () => {
    const journal = await state.open()
    await perform(journal, 'assignDID', ['4352154006'], 'done')
    expect(files()).toEqual(['journal.db'])
    expect(modeOf(state.path)).toBe('delete')
  })

  test('whose maker is killed leaves nothing in the way, whenever that was', async () => {
    const makers = await startProcesses(12)
    for (const [index, child] of makers.entries()) {
      child.open({ engine: 'sqlite', folder: state.folder }).catch(() => undefined)
      await after(index * 2)
      await child.kill()
      const journal = await state.open()
      expect(await journal.recordIntent(intent('assignDID', ['4352154006']), allow)).toEqual({ recorded: true })
      await journal.close()
      expect(files()).toEqual(['journal.db'])
      rmSync(state.folder, { recursive: true })
    }
  })

  test.each(['-journal', '-wal'])('is not begun beside the %s of another one', async (log) => {
    mkdirSync(state.folder, { mode: 0o700 })
    writeFileSync(`${state.path}${log}`, 'pages of another journal')
    expect(await refusal(state.open())).toBe(
      `There is no journal at ${state.path}, but ${state.path}${log} is the log of one. Nothing was changed. ` +
        'Put the journal back beside it; to begin a new one move that file away, too.',
    )
    expect(files()).toEqual([`journal.db${log}`])
  })
})

describe('a journal of an older did-mcp, in WAL mode', () => {
  const operations = async () => (await (await state.open()).readOperations({ limit: 10 })).operations.length

  test('is converted by whoever opens it alone, and keeps what was in its log', async () => {
    await leaveOldJournal(state)
    expect(await operations()).toBe(1)
    expect(modeOf(state.path)).toBe('delete')
    expect(files()).toEqual(['journal.db'])
  })

  test('stays where another process has it open, is written all the same, and is converted at a later start', async () => {
    await leaveOldJournal(state)
    const other = new Database(state.path)
    afterwards(() => other.close())
    other.exec('begin')
    other.exec('select 1 from sqlite_master')
    other.exec('commit')

    // By a process that ends: libsql keeps a closed file open until its statements are collected.
    const [child] = await startProcesses(1)
    await child?.open({ engine: 'sqlite', folder: state.folder })
    expect(await child?.record([intent('assignDID', ['2010000000'])])).toEqual([{ recorded: true }])
    expect(modeOf(state.path)).toBe('wal')
    await child?.kill()

    other.close()
    expect(await operations()).toBe(2)
    expect(modeOf(state.path)).toBe('delete')
  })

  test.each<[string, (wal: string) => void]>([
    ['deleted', (wal) => rmSync(wal)],
    ['cut', (wal) => truncateSync(wal, 20_000)],
    ['flipped in one byte', (wal) => flip(wal, 5000)],
  ])('whose log was %s is damaged, not new; what is left of the log is kept', async (_, damage) => {
    await leaveOldJournal(state)
    damage(`${state.path}-wal`)
    const left = existsSync(`${state.path}-wal`) ? [readFileSync(`${state.path}-wal`)] : []
    for (const kept of [left, []]) {
      const message = await refusal(state.open())
      expect(message).toContain(`The journal ${state.path} is damaged: it has lost its tables`)
      expect(message).toContain('Restore it from a backup, or move it away to begin a new one')
      const name = /kept as .*(journal\.db-wal\.damaged-\d+)\./.exec(message)?.[1]
      expect(name ? [readFileSync(`${state.folder}/${name}`)] : []).toEqual(kept)
    }
    expect(modeOf(state.path)).toBe('wal')
  })

  test('of which the file alone was copied back is damaged, not new', async () => {
    await leaveOldJournal(state)
    copyFileSync(state.path, `${state.folder}.copy`)
    rmSync(state.folder, { recursive: true })
    await leaveJournal(state)
    copyFileSync(`${state.folder}.copy`, state.path)
    rmSync(`${state.folder}.copy`)
    expect(await refusal(state.open())).toContain('is damaged: it has lost its tables')
  })
})

function flip(path: string, at: number): void {
  const bytes = readFileSync(path)
  bytes.writeUInt8((bytes[at] ?? 0) ^ 1, at)
  writeFileSync(path, bytes)
}
