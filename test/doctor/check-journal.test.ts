import { join } from 'node:path'
import Database from 'libsql'
import { expect, onTestFinished, test } from 'vitest'
import { openPatient } from '../../src/app/open-patient.ts'
import { thisMachine } from '../../src/config/machine.ts'
import type { Finding } from '../../src/doctor/check.ts'
import { journal } from '../../src/doctor/check-journal.ts'
import { journalAccount } from '../../src/domain/account.ts'
import type { Journal } from '../../src/journal/journal.ts'
import { openSqliteJournal } from '../../src/journal/sqlite/sqlite.ts'
import { databaseUrl, onDatabase } from '../journal/support/engines.ts'
import { approval, perform } from '../journal/support/intents.ts'
import { temporaryFolder } from '../support/folder.ts'

const endpoint = 'https://carrier.example/api'
const ann = { DID_MCP_LOGIN: 'ann', DID_MCP_SECRET: 's3cret', DID_MCP_ENDPOINT: endpoint }
const account = journalAccount({ login: 'ann', endpoint, environment: 'live' })
const other = journalAccount({ login: 'bob', endpoint, environment: 'live' })
const ended = journalAccount({ login: 'sandbox', endpoint, environment: 'sandbox', instance: 'i' })

/** What is found of a journal in which this was done, by whoever these variables name. */
async function look(
  fill: (journal: Journal) => Promise<unknown>,
  { who = ann, elsewhere = false }: { who?: Record<string, string>; elsewhere?: boolean } = {},
): Promise<readonly Finding[]> {
  const folder = join(temporaryFolder(), 'state')
  const begun = await openSqliteJournal({ folder })
  await fill(begun)
  await begun.close()
  const env = { ...who, DID_MCP_STATE_DIR: folder }
  return journal(openPatient(env, thisMachine(), { call: 'node main.js', env: elsewhere ? {} : env }))
}

const opens: Finding = {
  verdict: 'ok',
  what: 'opens (SQLite 3.45.1, journal mode delete), with the schema of this did-mcp',
}
const uncertain = (what: string, next = 'Look at them:'): Finding => ({
  verdict: 'warning',
  what: `${what} numbers whose outcome is uncertain`,
  next,
  run: 'node main.js operations --status uncertain',
})

test('one in which all is settled', async () => {
  expect(await look((journal) => perform(journal, 'reserveDID', ['4355550105'], 'done', { account }))).toEqual([opens])
})

test('one that is still in WAL mode, because another process has it open, is a warning', async () => {
  const folder = join(temporaryFolder(), 'state')
  await (await openSqliteJournal({ folder })).close()
  const older = new Database(join(folder, 'journal.db'))
  onTestFinished(() => void older.close())
  older.exec('pragma journal_mode = wal')
  older.exec('select 1 from sqlite_master')
  const env = { ...ann, DID_MCP_STATE_DIR: folder }
  const findings = await journal(openPatient(env, thisMachine(), { call: 'node main.js', env }))
  expect(findings).toEqual([
    { verdict: 'ok', what: 'opens (SQLite 3.45.1, journal mode wal), with the schema of this did-mcp' },
    { verdict: 'warning', what: expect.stringContaining('end every did-mcp, older ones too, and start one') },
  ])
})

test('uncertain operations are a warning', async () => {
  const findings = await look(async (journal) => {
    await perform(journal, 'assignDID', ['4355550105', '4355550106'], 'uncertain', { account })
    await perform(journal, 'releaseDID', ['4355550110'], 'uncertain', { account })
    await perform(journal, 'releaseDID', ['4355550111'], 'failed', { account })
  })
  expect(findings).toEqual([opens, uncertain('2 operations have')])
})

test('one of them', async () => {
  const fill = (journal: Journal) =>
    perform(journal, 'assignDID', ['4355550105', '4355550106'], 'uncertain', { account })
  expect(await look(fill)).toEqual([opens, uncertain('1 operation has', 'Look at it:')])
})

test('more of them than a page', async () => {
  const findings = await look(async (journal) => {
    for (let index = 0; index < 101; index++)
      await perform(journal, 'assignDID', [`${4355550105 + index}`], 'uncertain', { account })
  })
  expect(findings).toEqual([opens, uncertain('100 or more operations have')])
})

test('those of another account are named in one line, those of a sandbox that ended in none', async () => {
  const fill = async (journal: Journal) => {
    await perform(journal, 'assignDID', ['4355550105'], 'uncertain', { account: other })
    await perform(journal, 'assignDID', ['4355550106'], 'uncertain', { account: other })
    await perform(journal, 'assignDID', ['4355550107'], 'uncertain', { account: ended })
  }
  const line: Finding = {
    verdict: 'ok',
    what: 'of other accounts there are uncertain operations too: bob at carrier.example',
  }
  expect(await look(fill)).toEqual([opens, line])
  expect(await look(fill, { who: {} })).toEqual([opens, line])
})

test('requests that wait for a person are told: this account’s, and none that expired', async () => {
  const later = Date.now() + 3_600_000
  const fill = async (journal: Journal) => {
    await journal.putQuestion(approval({ id: 'ap_1', binding: '1', expiresAt: later, account }))
    await journal.putQuestion(approval({ id: 'ap_2', binding: '2', expiresAt: Date.now() - 1, account }))
    await journal.putQuestion(approval({ id: 'ap_3', binding: '3', expiresAt: later, account: ended }))
    await journal.putQuestion(approval({ id: 'ap_4', binding: '4', expiresAt: later, account: other }))
  }
  const waits: Finding = {
    verdict: 'ok',
    what: "1 request waits for a person's yes",
    next: 'Look at it:',
    run: 'node main.js approvals',
  }
  expect(await look(fill)).toEqual([opens, waits])
  // A sandbox that a client runs now may be the one that asks.
  expect(await look(fill, { who: {} })).toEqual([opens, waits])
})

test('where the terminal names another journal than the client, that has to be put right first', async () => {
  const fill = (journal: Journal) => perform(journal, 'assignDID', ['4355550105'], 'uncertain', { account })
  const [, finding] = await look(fill, { elsewhere: true })
  expect(finding?.next).toBe('Set DID_MCP_STATE_DIR in this terminal as the entry has it, and look at it:')
})

test.runIf(databaseUrl)('in a database that has no journal yet nothing is made by looking', async () => {
  const tables = () => onDatabase("select count(*)::int as n from pg_namespace where nspname = 'did_mcp'")
  await onDatabase('drop schema if exists did_mcp cascade')
  const env = { ...ann, DID_MCP_DATABASE_URL: databaseUrl ?? '' }
  expect(await journal(openPatient(env, thisMachine(), { call: 'node main.js', env }))).toEqual([
    { verdict: 'ok', what: 'none yet in this database, which answers; its tables are made at the first write' },
  ])
  expect(await tables()).toEqual([{ n: 0 }])
})
