import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import type { Journal } from '../../../src/journal/journal.ts'
import { afterwards } from '../support/engines.ts'
import { allow, intent, noon, numbers, perform } from '../support/intents.ts'
import { startProcesses } from '../support/processes.ts'
import { leaveJournal, newState, refusal, run, type State } from '../support/sqlite.ts'

let state: State
let folder: string
let path: string
let open: () => Promise<Journal>
beforeEach(() => {
  state = newState()
  ;({ folder, path, open } = state)
})

// The limit is prlimit's, which is Linux's.
test.runIf(process.platform === 'linux')(
  'a write that fails part way changes nothing, and works once the disk is well again',
  async () => {
    const [child] = await startProcesses(1)
    if (!child) throw new Error('no process')
    afterwards(() => child.kill())
    await child.open({ engine: 'sqlite', folder })
    const small = intent('assignDID', ['4352154006'])
    await child.record([small])
    // The kernel refuses this process every byte beyond the first of a file: as root and as a user.
    expect(run('prlimit', `--pid=${child.process.pid}`, '--fsize=1:')).toBe(true)
    const large = intent('assignDID', numbers(1000, 2010000000))
    await expect(child.record([large])).rejects.toMatchObject({
      name: 'JournalUnavailable',
      message: expect.stringMatching(/its disk (fails, or has no room|is full)/),
    })
    await expect(child.settle(small.id, [{ tn: '4352154006', outcome: 'done' }], noon)).rejects.toMatchObject({
      name: 'JournalUnavailable',
    })
    run('prlimit', `--pid=${child.process.pid}`, '--fsize=unlimited:')
    await child.settle(small.id, [{ tn: '4352154006', outcome: 'done' }], noon)
    expect(await child.record([large])).toEqual([{ recorded: true }])
    const journal = await open()
    expect((await journal.readOperations({ limit: 10 })).operations.map(({ status }) => status).sort()).toEqual([
      'done',
      'open',
    ])
  },
)

test('a disk that is full, then well', async (ctx) => {
  mkdirSync(folder)
  if (!mount(folder)) return ctx.skip('no right to mount')
  const journal = await open()
  await perform(journal, 'assignDID', ['4352154006'], 'done')
  fill(join(folder, 'filler'))
  const large = intent('assignDID', numbers(1000, 2010000000))
  expect(await refusal(journal.recordIntent(large, allow))).toBe(
    `The journal ${path} cannot be used: its disk is full (database or disk is full). Nothing was changed. ` +
      'Free some space; the same call works then.',
  )
  expect(await journal.readOperation(large.id)).toBeUndefined()
  rmSync(join(folder, 'filler'))
  expect(await journal.recordIntent(large, allow)).toEqual({ recorded: true })
})

test('a disk that may only be read is read; it is written once it is well', async (ctx) => {
  mkdirSync(folder)
  if (!mount(folder)) return ctx.skip('no right to mount')
  await leaveJournal(state)
  run('mount', '-o', 'remount,ro', folder)
  const journal = await open()
  expect((await journal.readOperations({ limit: 10 })).operations).toHaveLength(1)
  expect(await refusal(journal.recordIntent(intent('assignDID', ['4352154006']), allow))).toContain(
    'could not be made (EROFS)',
  )
  run('mount', '-o', 'remount,rw', folder)
  expect((await (await open()).readOperations({ limit: 10 })).operations).toHaveLength(1)
})

test('a first opening that failed leaves nothing that hinders the next', async (ctx) => {
  mkdirSync(folder)
  if (!mount(folder)) return ctx.skip('no right to mount')
  fill(join(folder, 'filler'))
  expect(await refusal(open())).toContain('cannot')
  rmSync(join(folder, 'filler'))
  await perform(await open(), 'assignDID', ['4352154006'], 'done')
})

/** A small disk of its own; false where this process may not mount. */
function mount(at: string): boolean {
  if (!run('mount', '-t', 'tmpfs', '-o', 'size=1m,mode=0700', 'none', at)) return false
  afterwards(() => run('umount', '-l', at))
  return true
}

function fill(file: string): void {
  for (const size of [65_536, 4_096, 1]) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(size), { flag: 'a' })
    } catch {
      // Full at this size.
    }
  }
}
