import { type ChildProcess, type StdioOptions, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Readable, Writable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { parse } from '../../src/commands/parse.ts'
import { openSqliteJournal } from '../../src/journal/sqlite/sqlite.ts'
import { openOutlet } from '../../src/terminal/outlet.ts'
import { approval, hour, numbers, perform } from '../journal/support/intents.ts'
import { temporaryFolder } from '../support/folder.ts'

/** A journal of which every list is longer than a megabyte. */
let env: Record<string, string>
beforeAll(async () => {
  const folder = join(temporaryFolder(afterAll), 'state')
  const journal = await openSqliteJournal({ folder })
  const settled = { meaning: `what came of it is told at length, ${'on and on '.repeat(60)}` }
  for (const id of ['op_1', 'op_2']) {
    await perform(journal, 'reserveDID', numbers(1000), 'done', { id, at: Date.now() - hour, settled })
    const shown = numbers(1000).map((tn) => ({ tn, facts: { status: 'available' as const }, asked: {} }))
    const preview = numbers(1000).map((tn) => `${tn}: ${'a line of the preview '.repeat(30)}`)
    const lives = { createdAt: Date.now(), expiresAt: Date.now() + hour }
    await journal.putQuestion(approval({ id: `ap_${id}`, binding: id, shown, preview, ...lives }))
  }
  await journal.close()
  env = { PATH: process.env.PATH ?? '', DID_MCP_STATE_DIR: folder }
})

function begin(words: string, stdio: StdioOptions = ['ignore', 'pipe', 'pipe']): ChildProcess {
  const child = spawn(process.execPath, ['dist/main.js', ...words.split(' ').filter(Boolean)], { env, stdio })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** All of it, a kilobyte at a time, with a pause after each. */
async function readSlowly(stream: Readable | null): Promise<string> {
  let text = ''
  for await (const chunk of stream?.setEncoding('utf8') ?? []) {
    text += chunk
    for (let pauses = 0; pauses < 10; pauses++) await turn()
  }
  return text
}

const ended = async (child: ChildProcess): Promise<unknown> => (await once(child, 'close'))[0]

describe('into a pipe whose reader is slow', () => {
  test.each([
    ['operations', 'TOOL', 'op_1'],
    ['operations --json', '{', '\n}\n'],
    ['operations op_1', 'reserveDID, done', '4352154999'],
    ['operations op_1 --json', '{', '\n}\n'],
    ['approvals --json', '{', '\n}\n'],
  ])('%s comes whole', async (words, first, last) => {
    const child = begin(words)
    const over = ended(child)
    const [stdout, stderr] = await Promise.all([readSlowly(child.stdout), readSlowly(child.stderr)])
    expect({ code: await over, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.length).toBeGreaterThan(words === 'operations' ? 0 : 500_000)
    if (words.endsWith('--json')) JSON.parse(stdout)
    expect([stdout.slice(0, 100), stdout.slice(-1000)]).toEqual([
      expect.stringContaining(first),
      expect.stringContaining(last),
    ])
  })

  test('each line of the log comes, of more than a megabyte', async () => {
    const child = begin('', ['pipe', 'ignore', 'pipe'])
    const over = ended(child)
    child.stdin?.end('no message\n'.repeat(10_000))
    const lines = (await readSlowly(child.stderr)).split('\n')
    expect(await over).toBe(0)
    expect(lines.pop()).toBe('')
    expect(lines).toHaveLength(10_000)
    expect(lines.join('').length).toBeGreaterThan(1_000_000)
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ msg: 'a line of the input is not JSON' })
  })
})

test.each(['operations --json', 'approvals --json', 'operations op_1'])(
  '%s ends quietly where its reader leaves',
  async (words) => {
    const child = begin(words)
    const over = ended(child)
    child.stdout?.once('data', () => child.stdout?.destroy())
    expect({ stderr: await readSlowly(child.stderr), code: await over }).toEqual({ stderr: '', code: 0 })
  },
)

test('a log that nobody reads holds nobody up for ever, and the exit code says that it is cut', async () => {
  const child = begin('', ['pipe', 'ignore', 'pipe'])
  const over = once(child, 'exit')
  child.stderr?.pause()
  child.stdin?.end('no message\n'.repeat(10_000))
  expect(await over).toEqual([1, null])
  child.stderr?.destroy()
})

test('a file holds it whole', () => {
  const file = join(temporaryFolder(), 'operations.json')
  const descriptor = openSync(file, 'w')
  const args = ['dist/main.js', 'operations', '--json']
  const { status, stderr } = spawnSync(process.execPath, args, { env, stdio: ['ignore', descriptor, 'pipe'] })
  closeSync(descriptor)
  expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: '' })
  expect(JSON.parse(readFileSync(file, 'utf8')).operations).toHaveLength(2)
})

// Linux has it, where it says that the disk is full.
test.runIf(existsSync('/dev/full'))('a full disk is said, by the exit code too', () => {
  const descriptor = openSync('/dev/full', 'w')
  for (const words of [['operations', '--json'], ['--help']]) {
    const stdio: StdioOptions = ['ignore', descriptor, 'pipe']
    const { status, stderr } = spawnSync(process.execPath, ['dist/main.js', ...words], { env, stdio })
    expect({ status, stderr: String(stderr) }).toEqual({
      status: 1,
      stderr: 'did-mcp: the answer is not whole, it could not be written (ENOSPC)\n',
    })
  }
  closeSync(descriptor)
})

describe('no command ends before its last byte is out', () => {
  /** Takes a text at a time, and a turn for each. */
  function slow() {
    let taken = ''
    const stream = new Writable({
      highWaterMark: 1,
      decodeStrings: false,
      write(chunk, _encoding, done) {
        setImmediate(() => {
          taken += chunk
          done()
        })
      },
    })
    return { stream, taken: () => taken }
  }

  test.each([
    ['--help', 0, /Commands:[\s\S]*demo[^\n]*\n[\s\S]*\n$/],
    ['config vscode', 0, /Print it anew when Node or did-mcp moves\.\n/],
    ['doctor --json', 0, /\n}\n$/],
    ['operations --json', 0, /\n}\n$/],
    ['approvals', 0, /approvals deny ap_op_\d\n$/],
    ['audit --csv /nowhere/file.csv', 1, /there is no folder \/nowhere\.\n$/],
    ['operations resolve', 2, /required option '--tn <number...>' not specified\n$/],
    ['demo', 0, /doctor --client claude-desktop\n$/],
  ])('did-mcp %s', async (words, code, last) => {
    const [out, err] = [slow(), slow()]
    const streams = { stdin: process.stdin, stdout: out.stream, stderr: err.stream }
    expect(await parse(words.split(' '), env, join(process.cwd(), 'dist/main.js'), streams)).toBe(code)
    expect(out.taken() + err.taken()).toMatch(last)
    expect([out.stream.writableLength, err.stream.writableLength]).toEqual([0, 0])
  })
})

describe('an outlet', () => {
  const stuck = () => new Writable({ write: () => undefined })

  test('takes no more than may wait, and says at the end that it is not whole', async () => {
    const outlet = openOutlet(stuck(), 4)
    expect(['first', 'next', 'third'].map(outlet.write)).toEqual([true, false, false])
    expect(await outlet.done(5)).toBe('nobody read it in time')
  })

  test('says what was wrong, and nothing where the reader left', async () => {
    const failing = (code: string) =>
      new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })) })
    for (const [code, said] of [
      ['ENOSPC', 'ENOSPC'],
      ['EPIPE', undefined],
    ] as const) {
      const outlet = openOutlet(failing(code))
      outlet.write('lost')
      expect(await outlet.done()).toBe(said)
      expect(outlet.write('more')).toBe(false)
    }
  })

  test('of a stream that was closed already is one that nobody reads', async () => {
    const stream = stuck()
    stream.destroy()
    expect(await openOutlet(stream).done()).toBe(undefined)
  })
})
