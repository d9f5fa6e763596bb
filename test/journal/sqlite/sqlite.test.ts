import { chmodSync, copyFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import Database from 'libsql'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Journal } from '../../../src/journal/journal.ts'
import { openAt } from '../support/engines.ts'
import { allow, decline, intent, live, noon, perform } from '../support/intents.ts'
import { leaveJournal, newState, refusal, type State } from '../support/sqlite.ts'

let state: State
let folder: string
let path: string
let open: () => Promise<Journal>
beforeEach(() => {
  state = newState()
  ;({ folder, path, open } = state)
})

describe('a journal that cannot be trusted is refused, and left as it is', () => {
  const damaged = async (damage: () => void): Promise<string> => {
    await leaveJournal(state)
    damage()
    const before = readFileSync(path)
    const message = await refusal(openAt({ engine: 'sqlite', folder, lockWaitMs: 200 }))
    expect(readFileSync(path).equals(before)).toBe(true)
    return message
  }

  test('garbage', async () => {
    expect(await damaged(() => writeFileSync(path, 'garbage, not a database '.repeat(1000)))).toBe(
      `The journal ${path} cannot be used: it is not a database (file is not a database). Nothing was changed. ` +
        'Restore it from a backup, or move it away to begin a new one.',
    )
  })

  test('truncated', async () => {
    expect(await damaged(() => truncateSync(path, 20_000))).toBe(
      `The journal ${path} cannot be used: it is damaged (database disk image is malformed). Nothing was changed. ` +
        'Restore it from a backup, or move it away, with what lies beside it under its name, to begin a new one.',
    )
  })

  test('cut to nothing', async () => {
    expect(await damaged(() => truncateSync(path, 0))).toContain(
      `The journal ${path} is damaged: it has lost its tables`,
    )
  })

  test('from the future', async () => {
    const message = await damaged(() => {
      const database = new Database(path)
      database.exec('update schema_version set version = 99')
      database.close()
    })
    expect(message).toBe(
      'The journal was written by a newer did-mcp (schema 99; this one knows 5). ' +
        'It was not touched. Update did-mcp, or point it at another journal.',
    )
  })

  test("another program's database", async () => {
    const message = await damaged(() => {
      rmSync(path)
      const database = new Database(path)
      database.exec('create table theirs (x)')
      database.close()
      chmodSync(path, 0o600)
    })
    expect(message).toContain("is another program's database")
  })
})

describe('a journal that fails while it is open', () => {
  test('deleted or replaced: no intent is recorded until it is back at its path', async () => {
    const journal = await open()
    await perform(journal, 'assignDID', ['4352154006'], 'done')
    renameSync(path, `${path}.moved`)
    const message =
      `The journal that is open is no longer the file at ${path}: it was moved, deleted or replaced. ` +
      'Nothing was recorded. Put it back, or restart did-mcp to go on with what is there.'
    expect(await refusal(journal.recordIntent(intent('assignDID', ['4352154007']), allow))).toBe(message)
    copyFileSync(`${path}.moved`, path)
    expect(await refusal(journal.recordIntent(intent('assignDID', ['4352154007']), allow))).toBe(message)
    renameSync(`${path}.moved`, path)
    expect(await journal.recordIntent(intent('assignDID', ['4352154007']), allow)).toEqual({ recorded: true })
  })

  test('closed: every call says so', async () => {
    const journal = await open()
    await journal.close()
    await journal.close()
    expect(await refusal(journal.readOperations({ limit: 1 }))).toBe('The journal was closed. Nothing was changed.')
    expect(await refusal(journal.recordIntent(intent('assignDID', ['1']), allow))).toContain('The journal was closed')
  })

  test('closed while calls are under way: they say so, and the process lives', async () => {
    await leaveJournal(state)
    for (const turns of [0, 1, 2, 3, 5, 8]) {
      const journal = await open()
      const reading = refusal(journal.readOperations({ limit: 1 }))
      const writing = refusal(
        decline(journal, {
          id: 'no',
          account: live,
          tool: 'assignDID',
          tns: ['1'],
          by: 'ann',
          at: noon,
          until: noon + 1,
        }),
      )
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
      await journal.close()
      for (const said of [await reading, await writing])
        expect(['it was accepted', 'The journal was closed. Nothing was changed.']).toContain(said)
      // And nothing of them stands in the way of the next.
      const next = await openAt({ engine: 'sqlite', folder, lockWaitMs: 50 })
      expect(await next.recordIntent(intent('reserveDID', [String(turns)]), allow)).toEqual({ recorded: true })
      await next.close()
    }
  })

  test('held by another process for longer than the wait', async () => {
    const journal = await openAt({ engine: 'sqlite', folder, lockWaitMs: 50 })
    const holder = new Database(path)
    holder.exec('begin immediate')
    expect(await refusal(journal.recordIntent(intent('assignDID', ['1']), allow))).toMatch(
      /another process holds it, for more than 1 s .* a stopped did-mcp process may hold it/,
    )
    expect(await journal.readOperations({ limit: 1 })).toEqual({ operations: [], more: false })
    holder.exec('rollback')
    expect(await journal.recordIntent(intent('assignDID', ['1']), allow)).toEqual({ recorded: true })
    holder.close()
  })
})
