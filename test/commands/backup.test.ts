import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { backup } from '../../src/commands/backup.ts'
import { openSqliteJournal } from '../../src/journal/sqlite/sqlite.ts'
import { afterwards, openAt } from '../journal/support/engines.ts'
import { allow, intent, numbers } from '../journal/support/intents.ts'
import { startProcesses } from '../journal/support/processes.ts'
import { leaveOldJournal, refusal } from '../journal/support/sqlite.ts'
import { temporaryFolder } from '../support/folder.ts'
import { testTerminal } from '../support/terminal.ts'

let folder: string
let state: string
let file: string
beforeEach(() => {
  folder = temporaryFolder()
  state = join(folder, 'state')
  file = join(folder, 'backup.db')
})

async function run(name = file, env: Record<string, string> = { DID_MCP_STATE_DIR: state }) {
  const terminal = testTerminal()
  const code = await backup(name, env, terminal)
  return { code, lines: terminal.lines, failed: terminal.failed }
}

test('a whole copy while servers write, one operation after the other, readable by its owner alone', async () => {
  const [server] = await startProcesses(1)
  if (!server) throw new Error('no process')
  afterwards(() => server.kill())
  await server.open({ engine: 'sqlite', folder: state })
  await server.record([intent('assignDID', ['2010000000'])])
  const writing = server.record(numbers(100).map((tn) => intent('assignDID', [tn])))
  const { code, lines, failed } = await run()
  expect({ code, failed }).toEqual({ code: 0, failed: [] })
  expect(lines[0]).toMatch(new RegExp(`^\\d+ operations? written to ${file} \\(\\d+ KB\\)$`))
  expect(await writing).toEqual(Array(100).fill({ recorded: true }))
  expect(readdirSync(folder).sort()).toEqual(['backup.db', 'state'])
  expect((statSync(file).mode & 0o777).toString(8)).toBe('600')

  const restored = join(folder, 'restored')
  mkdirSync(restored, { mode: 0o700 })
  writeFileSync(join(restored, 'journal.db'), readFileSync(file), { mode: 0o600 })
  const journal = await openAt({ engine: 'sqlite', folder: restored })
  const { operations } = await journal.readOperations({ limit: 1000 })
  expect(`${operations.length}`).toBe(lines[0]?.split(' ')[0])
  expect(await refusal(journal.recordIntent(intent('assignDID', ['2010000001']), allow))).toContain('was restored')
})

test('of a journal that an older did-mcp left in WAL mode, with what is in its log alone', async () => {
  await leaveOldJournal({
    folder: state,
    path: join(state, 'journal.db'),
    open: () => openSqliteJournal({ folder: state }),
  })
  expect((await run()).lines[0]).toContain('1 operation written to')
})

test.each<[string, () => unknown, () => string, RegExp]>([
  [
    'a file that exists',
    () => writeFileSync(file, 'mine'),
    () => file,
    /backup\.db exists\. It was not touched\. Choose another name\.$/,
  ],
  ['a folder that is not there', () => undefined, () => join(folder, 'none', 'b.db'), /there is no folder .*none\.$/],
])('%s is refused, and nothing is left', async (_, prepare, name, words) => {
  await (await openSqliteJournal({ folder: state })).close()
  prepare()
  const before = readdirSync(folder)
  const { code, lines, failed } = await run(name())
  expect({ code, lines }).toEqual({ code: 1, lines: [] })
  expect(failed.join()).toMatch(words)
  expect(readdirSync(folder)).toEqual(before)
})

test('where there is no journal, none is begun', async () => {
  expect(await run()).toEqual({
    code: 1,
    lines: [],
    failed: [`No backup was written: There is no journal in ${state} yet: it begins with the first write.`],
  })
  expect(existsSync(state)).toBe(false)
})

test('of PostgreSQL the database’s own tools make one', async () => {
  const { code, failed } = await run(file, { DID_MCP_DATABASE_URL: 'postgres://ann@127.0.0.1/journal' })
  expect(code).toBe(2)
  expect(failed.join()).toContain("insert into did_mcp.moments (name, at) values ('marked', 0)")
})
