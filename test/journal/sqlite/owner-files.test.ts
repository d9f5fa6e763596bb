import { readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import { beforeEach, expect, test } from 'vitest'
import type { Journal } from '../../../src/journal/journal.ts'
import { afterwards } from '../support/engines.ts'
import { allow, intent, live, noon } from '../support/intents.ts'
import { startProcesses } from '../support/processes.ts'
import { newState } from '../support/sqlite.ts'

let folder: string
let path: string
let open: () => Promise<Journal>
beforeEach(() => {
  ;({ folder, path, open } = newState())
})

test('its owner file deleted: it takes a new lock before it records again', async () => {
  const journal = await open()
  const made = intent('assignDID', ['4352154006', '4352154007'])
  await journal.recordIntent(made, allow)
  rmSync(join(folder, 'owners'), { recursive: true })
  await journal.markSending(made.id, ['4352154006'], noon)
  expect(await (await open()).adoptOperations(live, noon)).toEqual([])
})

test('owner files of processes that are gone and owe nothing are swept; of those that live, none', async () => {
  const journal = await open()
  await journal.adoptOperations(live, noon)
  const [dead, alive] = await startProcesses(2)
  if (!dead || !alive) throw new Error('no process')
  afterwards(() => alive.kill())
  for (const child of [dead, alive]) {
    await child.open({ engine: 'sqlite', folder })
    await child.adopt(live, noon)
  }
  const owners = () => readdirSync(join(folder, 'owners')).length
  expect(owners()).toBe(3)
  await dead.kill()
  await journal.adoptOperations(live, noon)
  expect(owners()).toBe(2)
  await alive.close()
  expect(owners()).toBe(1)
})

test('an owner that was forgotten while its file was away makes itself known again, also at the second try', async () => {
  const journal = await open()
  const made = intent('assignDID', ['4352154006'])
  await journal.recordIntent(made, allow)
  const database = new Database(path)
  const owners = () => database.prepare('select id from owners').all()
  const [owner] = owners()
  rmSync(join(folder, 'owners'), { recursive: true })
  database.exec('delete from owners')
  renameSync(path, `${path}.moved`)
  await expect(journal.markSending(made.id, ['4352154006'], noon)).rejects.toThrow('it was moved, deleted or replaced')
  renameSync(`${path}.moved`, path)
  await journal.markSending(made.id, ['4352154006'], noon)
  expect(owners()).toEqual([owner])
  database.close()
})
