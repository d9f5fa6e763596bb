import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Journal, JournalUnavailable } from '../../src/journal/journal.ts'
import { afterwards, openAt, sqlitePlace } from './support/engines.ts'
import { allow, intent, live, noon, numbers, perform } from './support/intents.ts'
import { startProcesses } from './support/processes.ts'

let folder: string
let path: string
let open: () => Promise<Journal>
beforeEach(() => {
  const place = sqlitePlace()
  folder = join(place.folder, 'state')
  path = join(folder, 'journal.db')
  open = () => openAt({ ...place, folder })
})

const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'it was accepted',
    (error: unknown) => (error instanceof JournalUnavailable ? error.message : `not JournalUnavailable: ${error}`),
  )

const mode = (file: string) => (statSync(file).mode & 0o777).toString(8)

describe('the state folder', () => {
  test('is made for its owner alone, with every file in it, and narrowed where it was wider', async () => {
    mkdirSync(folder, { mode: 0o755 })
    chmodSync(folder, 0o755)
    const journal = await open()
    await perform(journal, 'assignDID', ['4352154006'], 'done')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
    expect(files.map((file) => [file.replace(/[0-9a-f]{32}/, 'ID'), mode(join(folder, file))])).toEqual([
      ['journal.db', '600'],
      ['journal.db-shm', '600'],
      ['journal.db-wal', '600'],
      ['owners', '700'],
      ['owners/ID.db', '600'],
    ])
    expect(mode(folder)).toBe('700')
    await journal.close()
    expect(readdirSync(join(folder, 'owners'))).toEqual([])
  })

  test('is refused where it is a symbolic link', async () => {
    mkdirSync(`${folder}-real`)
    symlinkSync(`${folder}-real`, folder)
    expect(await refusal(open())).toBe(
      `The journal cannot lie at ${folder}: it is a symbolic link. Nothing was changed. ` +
        'Set DID_MCP_STATE_DIR to a folder of your own on a local disk, or put this one right.',
    )
    expect(readdirSync(`${folder}-real`)).toEqual([])
  })

  test('is refused where it is a file, lies below one, or its journal is a link', async () => {
    writeFileSync(folder, 'a file')
    expect(await refusal(open())).toContain('it is no folder')
    expect(await refusal(openAt({ engine: 'sqlite', folder: join(folder, 'below') }))).toContain('it could not be made')
    rmSync(folder)
    mkdirSync(folder)
    writeFileSync(`${folder}.elsewhere`, '')
    symlinkSync(`${folder}.elsewhere`, path)
    expect(await refusal(open())).toContain('it is no regular file')
  })

  test("is refused where it is another user's", async () => {
    // Whoever runs this: / is root's, and root is told of a folder given to nobody.
    const root = process.getuid?.() === 0
    if (root) {
      mkdirSync(folder)
      chownSync(folder, 65534, 65534)
    }
    const theirs = root ? folder : '/'
    expect(await refusal(openAt({ engine: 'sqlite', folder: theirs }))).toMatch(
      /it belongs to another user|could not be made/,
    )
  })
})

describe('a journal that cannot be trusted is refused, and left as it is', () => {
  const damaged = async (damage: () => void): Promise<string> => {
    // By another process: libsql keeps a closed file open until its statements are collected.
    await made()
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
        'Restore it from a backup, or move it away, -wal and -shm too, to begin a new one.',
    )
  })

  test('cut to nothing', async () => {
    expect(await damaged(() => truncateSync(path, 0))).toContain(`The journal ${path} is empty: it was cut`)
  })

  test('from the future', async () => {
    const message = await damaged(() => {
      const database = new Database(path)
      database.exec('update schema_version set version = 99')
      database.close()
    })
    expect(message).toBe(
      'The journal was written by a newer did-mcp (schema 99; this one knows 1). ' +
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
    expect(await refusal(journal.record(intent('assignDID', ['4352154007']), allow))).toBe(message)
    copyFileSync(`${path}.moved`, path)
    expect(await refusal(journal.record(intent('assignDID', ['4352154007']), allow))).toBe(message)
    renameSync(`${path}.moved`, path)
    expect(await journal.record(intent('assignDID', ['4352154007']), allow)).toEqual({ recorded: true })
  })

  test('its owner file deleted: it takes a new lock before it records again', async () => {
    const journal = await open()
    const made = intent('assignDID', ['4352154006', '4352154007'])
    await journal.record(made, allow)
    rmSync(join(folder, 'owners'), { recursive: true })
    await journal.sending(made.id, ['4352154006'], noon)
    expect(await (await open()).adopt(live, noon)).toEqual([])
  })

  test('owner files of processes that are gone and owe nothing are swept; of those that live, none', async () => {
    const journal = await open()
    await journal.adopt(live, noon)
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
    await journal.adopt(live, noon)
    expect(owners()).toBe(2)
    await alive.close()
    expect(owners()).toBe(1)
  })

  test('a write that fails part way changes nothing, and works once the disk is well again', async () => {
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
    expect((await journal.operations({ limit: 10 })).operations.map(({ status }) => status).sort()).toEqual([
      'done',
      'open',
    ])
  })

  test('a disk that is full, then well', async () => {
    mkdirSync(folder)
    if (!mount(folder)) return
    const journal = await open()
    await perform(journal, 'assignDID', ['4352154006'], 'done')
    fill(join(folder, 'filler'))
    const large = intent('assignDID', numbers(1000, 2010000000))
    expect(await refusal(journal.record(large, allow))).toBe(
      `The journal ${path} cannot be used: its disk is full (database or disk is full). Nothing was changed. ` +
        'Free some space; the same call works then.',
    )
    expect(await journal.operation(large.id)).toBeUndefined()
    rmSync(join(folder, 'filler'))
    expect(await journal.record(large, allow)).toEqual({ recorded: true })
  })

  test('a disk that may only be read, then well', async () => {
    mkdirSync(folder)
    if (!mount(folder)) return
    await made()
    run('mount', '-o', 'remount,ro', folder)
    expect(await refusal(open())).toMatch(/The journal .* cannot (be used|lie)/)
    run('mount', '-o', 'remount,rw', folder)
    expect((await (await open()).operations({ limit: 10 })).operations).toHaveLength(1)
  })

  test('closed: every call says so', async () => {
    const journal = await open()
    await journal.close()
    await journal.close()
    expect(await refusal(journal.operations({ limit: 1 }))).toBe('The journal was closed. Nothing was changed.')
    expect(await refusal(journal.record(intent('assignDID', ['1']), allow))).toContain('The journal was closed')
  })

  test('held by another process for longer than the wait', async () => {
    const journal = await openAt({ engine: 'sqlite', folder, lockWaitMs: 50 })
    const holder = new Database(path)
    holder.exec('begin immediate')
    expect(await refusal(journal.record(intent('assignDID', ['1']), allow))).toMatch(
      /another process holds it, for more than 1 s .* a stopped did-mcp process may hold it/,
    )
    expect(await journal.operations({ limit: 1 })).toEqual({ operations: [], more: false })
    holder.exec('rollback')
    expect(await journal.record(intent('assignDID', ['1']), allow)).toEqual({ recorded: true })
    holder.close()
  })

  test('a first opening that failed leaves nothing that hinders the next', async () => {
    mkdirSync(folder)
    if (!mount(folder)) return
    fill(join(folder, 'filler'))
    expect(await refusal(open())).toContain('cannot')
    rmSync(join(folder, 'filler'))
    await perform(await open(), 'assignDID', ['4352154006'], 'done')
  })
})

/** A journal of a process that has ended, all in one file. */
async function made(): Promise<void> {
  const [child] = await startProcesses(1)
  await child?.open({ engine: 'sqlite', folder })
  await child?.record([intent('assignDID', numbers(300))])
  await child?.kill()
  const database = new Database(path)
  database.exec('pragma wal_checkpoint(truncate)')
  database.close()
}

/** A small disk of its own; false where this process may not mount. */
function mount(at: string): boolean {
  if (!run('mount', '-t', 'tmpfs', '-o', 'size=1m,mode=0700', 'none', at)) {
    process.stderr.write('\n*** No right to mount: full and read-only disks are tested by limits only. ***\n')
    return false
  }
  afterwards(() => run('umount', '-l', at))
  return true
}

/** Whether it did what it was told. */
function run(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
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
