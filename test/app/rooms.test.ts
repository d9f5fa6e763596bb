import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import { expect, onTestFinished, test, vi } from 'vitest'
import { readConfiguration } from '../../src/app/configuration.ts'
import { openRooms, type Rooms } from '../../src/app/rooms.ts'
import type { Journal } from '../../src/journal/journal.ts'
import { openSqliteJournal } from '../../src/journal/sqlite/sqlite.ts'
import { createLogger } from '../../src/log.ts'
import { performAsking } from '../../src/mcp/elicit.ts'
import { listOperations } from '../../src/tools/list-operations.ts'
import { hour, perform } from '../journal/support/intents.ts'
import { temporaryFolder } from '../support/folder.ts'

const tn = '4355550105'

/** The rooms of a server that keeps its journal there; its log goes to `logged`. */
function open(folder: string, env: Record<string, string> = {}, logged: string[] = []) {
  const config = readConfiguration({ DID_MCP_STATE_DIR: folder, ...env }, () => undefined)
  if (config === undefined) throw new Error('the configuration is wrong')
  const rooms = openRooms(
    config,
    createLogger({ level: 'warn', hide: String, write: (line) => logged.push(line) > 0 }),
    '/opt/did-mcp/dist/main.js',
  )
  onTestFinished(() => rooms.close())
  return rooms
}

test.each([
  ['for ever, unless told', {}, ['4355550105', '4355550106', '4355550110']],
  [
    'for so many days, and longer where an outcome is uncertain',
    { DID_MCP_RETENTION_DAYS: '2' },
    ['4355550106', '4355550110'],
  ],
])('operations are kept %s', async (_, env, kept) => {
  const folder = join(temporaryFolder(), 'state')
  const journal = await openSqliteJournal({ folder })
  onTestFinished(() => journal.close())
  await perform(journal, 'reserveDID', ['4355550105'], 'done', { at: Date.now() - 73 * hour })
  await perform(journal, 'reserveDID', ['4355550106'], 'uncertain', { at: Date.now() - 73 * hour })
  await perform(journal, 'reserveDID', ['4355550110'], 'done', { at: Date.now() - 71 * hour })
  // The look at the clock of a server that ran yesterday: what lay in the past then is what may be deleted now.
  await journal.forgetOld(Date.now() - 24 * hour, undefined, 1)
  await open(folder, env).recover()
  const numbers = async () => {
    const { operations } = await journal.readOperations({ limit: 10 })
    return operations.flatMap(({ rows }) => rows.map(({ tn }) => tn)).sort()
  }
  await vi.waitFor(async () => expect(await numbers()).toEqual(kept), 10_000)
})

test('a journal that is still in WAL mode is said in the log, and written all the same', async () => {
  const folder = join(temporaryFolder(), 'state')
  await (await openSqliteJournal({ folder })).close()
  const older = new Database(join(folder, 'journal.db'))
  onTestFinished(() => void older.close())
  older.exec('pragma journal_mode = wal')
  older.exec('select 1 from sqlite_master')
  const logged: string[] = []
  const rooms = open(folder, {}, logged)
  await rooms.recover()
  expect(logged.join('')).toContain("is still in SQLite's journal mode wal")
})

const look = ({ sources }: Rooms) =>
  listOperations.read({ limit: 20 }, { ...sources, signal: new AbortController().signal, progress: () => undefined })

test('looking begins no journal: there are no operations, and nothing lies in the state folder', async () => {
  const folder = join(temporaryFolder(), 'state')
  const rooms = open(folder)
  expect(await look(rooms)).toEqual({ operations: [] })
  expect(await (await rooms.sources.journal()).readOperation('op_1')).toBeUndefined()
  await rooms.recover()
  expect(existsSync(folder)).toBe(false)
})

/** Another process on the same journal, which has recorded `op_1`. */
async function another(folder: string, { sources: { account } }: Rooms): Promise<Journal> {
  const journal = await openSqliteJournal({ folder })
  const rows = [{ tn, asked: {}, before: { status: 'available' } }] as const
  const asked = { id: 'op_1', account, tool: 'reserveDID', effect: 'hold', caller: 'bob@desk' } as const
  await journal.recordIntent({ ...asked, confirmedBy: 'policy', neededYes: false, at: 0, rows }, () => undefined)
  return journal
}

test('one that another process began meanwhile is read', async () => {
  const folder = join(temporaryFolder(), 'state')
  const rooms = open(folder)
  expect(await look(rooms)).toEqual({ operations: [] })
  const other = await another(folder, rooms)
  expect(await look(rooms)).toMatchObject({ operations: [{ id: 'op_1', status: 'open' }] })
  rmSync(join(folder, 'journal.db'))
  // It is open by now: that it was taken away is no reason to call it empty.
  expect(await look(rooms)).toMatchObject({ operations: [{ id: 'op_1' }] })
  await other.close()
})

test('nothing is asked of the carrier for a reader who has gone', async () => {
  const folder = join(temporaryFolder(), 'state')
  const rooms = open(folder)
  const other = await another(folder, rooms)
  await other.settleNumbers('op_1', [{ tn, outcome: 'uncertain' }], 0)
  await other.close()
  const asked: string[] = []
  const { queryDID } = rooms.carrier
  rooms.carrier.queryDID = (...args) => {
    asked.push(args[0])
    return queryDID(...args)
  }
  await rooms.sources.settleDue(AbortSignal.abort())
  expect(asked).toEqual([])
  await rooms.sources.settleDue()
  expect(asked).toEqual([tn])
})

test('the first write begins it', async () => {
  const folder = join(temporaryFolder(), 'state')
  const rooms = open(folder)
  const tool = { name: 'reserveDID', effect: 'hold' } as const
  const envelope = await performAsking(rooms.perform, { tool, rows: [{ tn }] }, { name: 'ann@desk' }, undefined)
  expect(envelope).toMatchObject({ status: 'done' })
  expect(await look(rooms)).toMatchObject({ operations: [{ id: envelope.operationId, status: 'done' }] })
})
