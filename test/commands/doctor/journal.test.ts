import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Finding } from '../../../src/commands/doctor/check.ts'
import { journal } from '../../../src/commands/doctor/journal.ts'
import { openPatient } from '../../../src/commands/doctor/patient.ts'
import { thisMachine } from '../../../src/config/machine.ts'
import type { Journal } from '../../../src/journal/journal.ts'
import { openSqliteJournal } from '../../../src/journal/sqlite.ts'
import { approval, perform } from '../../journal/support/intents.ts'
import { temporaryFolder } from '../../support/folder.ts'

/** What is found of a journal in which this was done. */
async function look(fill: (journal: Journal) => Promise<unknown>, elsewhere = false): Promise<readonly Finding[]> {
  const folder = join(temporaryFolder(), 'state')
  const begun = await openSqliteJournal({ folder })
  await fill(begun)
  await begun.close()
  const env = { DID_MCP_STATE_DIR: folder }
  return journal(openPatient(env, thisMachine(), { call: 'node main.js', env: elsewhere ? {} : env }))
}

const opens: Finding = { verdict: 'ok', what: 'opens (SQLite), with the schema of this did-mcp' }
const uncertain = (count: string): Finding => ({
  verdict: 'warning',
  what: `operations with numbers whose outcome is uncertain: ${count}`,
  next: 'Look at them:',
  run: 'node main.js operations --status uncertain',
})

test('one in which all is settled', async () => {
  expect(await look((journal) => perform(journal, 'reserveDID', ['4355550105'], 'done'))).toEqual([opens])
})

test('uncertain operations, of every account, are a warning', async () => {
  const findings = await look(async (journal) => {
    await perform(journal, 'assignDID', ['4355550105', '4355550106'], 'uncertain')
    await perform(journal, 'releaseDID', ['4355550110'], 'uncertain')
    await perform(journal, 'releaseDID', ['4355550111'], 'failed')
  })
  expect(findings).toEqual([opens, uncertain('2')])
})

test('more of them than a page', async () => {
  const findings = await look(async (journal) => {
    for (let index = 0; index < 101; index++)
      await perform(journal, 'assignDID', [`${4355550105 + index}`], 'uncertain')
  })
  expect(findings).toEqual([opens, uncertain('100 or more')])
})

test('requests that wait for a person are told, and expired ones are not', async () => {
  const findings = await look(async (journal) => {
    await journal.request(approval({ id: 'ap_1', binding: '1', expiresAt: Date.now() + 3_600_000 }))
    await journal.request(approval({ id: 'ap_2', binding: '2', expiresAt: Date.now() - 1 }))
  })
  expect(findings).toEqual([
    opens,
    {
      verdict: 'ok',
      what: "requests that wait for a person's yes: 1",
      next: 'Look at them:',
      run: 'node main.js approvals',
    },
  ])
})

test('where the terminal names another journal than the client, that has to be put right first', async () => {
  const fill = (journal: Journal) => perform(journal, 'assignDID', ['4355550105'], 'uncertain')
  const [, finding] = await look(fill, true)
  expect(finding?.next).toBe('Set DID_MCP_STATE_DIR in this terminal as the entry has it, and look at them:')
})
