import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readConfiguration } from '../../src/commands/configuration.ts'
import { openRooms } from '../../src/commands/rooms.ts'
import { openSqliteJournal } from '../../src/journal/sqlite.ts'
import { createLogger } from '../../src/log.ts'
import { hour, perform } from '../journal/support/intents.ts'
import { temporaryFolder } from '../support/folder.ts'

/** The rooms of a server that keeps its journal there. */
function open(folder: string, env: Record<string, string> = {}) {
  const config = readConfiguration({ DID_MCP_STATE_DIR: folder, ...env }, () => undefined)
  if (config === undefined) throw new Error('the configuration is wrong')
  const rooms = openRooms(config, createLogger({ level: 'error', secrets: [] }))
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
  await perform(journal, 'reserveDID', ['4355550105'], 'done', { at: Date.now() - 49 * hour })
  await perform(journal, 'reserveDID', ['4355550106'], 'uncertain', { at: Date.now() - 49 * hour })
  await perform(journal, 'reserveDID', ['4355550110'], 'done', { at: Date.now() - 47 * hour })
  await open(folder, env).recover()
  const { operations } = await journal.operations({ limit: 10 })
  expect(operations.flatMap(({ rows }) => rows.map(({ tn }) => tn)).sort()).toEqual(kept)
})

test('where there is no journal, a start does not begin one', async () => {
  const folder = join(temporaryFolder(), 'state')
  await open(folder).recover()
  expect(existsSync(folder)).toBe(false)
})
