import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { hider } from '../src/domain/hider.ts'
import { createLogger, type LogFields, type LogLevel } from '../src/log.ts'

const home = fileURLToPath(new URL('..', import.meta.url))
const secret = 'ma<r>k&ed "s3cret"/ü\\+'

test('a line is one JSON object with level, time, process, message and fields', () => {
  const [line = ''] = logged((log) => log.warn('carrier slow', { op: 'getDIDs', ms: 1200, level: 'a field' }))
  expect(JSON.parse(line)).toEqual({
    level: 'warn',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    pid: process.pid,
    fields: { op: 'getDIDs', ms: 1200, level: 'a field' },
    msg: 'carrier slow',
  })
  expect(line.endsWith('}\n') && line.indexOf('\n') === line.length - 1).toBe(true)
})

test('only lines of the level and above are written', () => {
  const levels = (level: LogLevel) =>
    logged((log) => {
      log.debug('1')
      log.info('2', { two: 2 })
      log.warn('3')
      log.error('4 %s')
    }, level).map((line) => JSON.parse(line).msg)
  expect(levels('debug')).toEqual(['1', '2', '3', '4 %s'])
  expect(levels('info')).toEqual(['2', '3', '4 %s'])
  expect(levels('error')).toEqual(['4 %s'])
})

describe('a secret is in no line', () => {
  const xml = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

  test.each([
    ['raw', secret],
    ['for a URL', encodeURIComponent(secret)],
    ['for a URL, in small letters', encodeURIComponent(secret).toLowerCase()],
    ['as a form', new URLSearchParams({ secret }).toString().slice('secret='.length)],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['in JSON, all escaped', JSON.stringify(secret).slice(1, -1).replace('/', '\\/').replace('ü', '\\u00FC')],
    ['in an XML element', xml],
    ['in an XML attribute', xml.replaceAll('"', '&quot;')],
    ['in XML by number', xml.replaceAll('"', '&#34;').replaceAll('&amp;', '&#x26;').replaceAll('ü', '&#xFC;')],
  ])('%s', (_, spelling) => {
    const text = `before ${spelling} after`
    const [line = ''] = logged((log) => log.error(text, { [text]: text, deep: [{ list: [text] }] }))
    const hidden = 'before [redacted] after'
    const { msg, fields } = JSON.parse(line)
    expect({ msg, fields }).toEqual({ msg: hidden, fields: { [hidden]: hidden, deep: [{ list: [hidden] }] } })
  })

  test('in an error: name, message and stack stay, and what hangs on it does not', () => {
    const error = Object.assign(new TypeError(`login failed with ${secret}`, { cause: new Error(secret) }), {
      response: { config: { data: `<secret>${xml}</secret>` } },
    })
    error.stack = `TypeError: login failed with ${secret}\n    at send (client.ts:1:1)`
    expect(fields({ error })).toEqual({
      error: {
        name: 'TypeError',
        message: 'login failed with [redacted]',
        stack: 'TypeError: login failed with [redacted]\n    at send (client.ts:1:1)',
      },
    })
  })

  test('by the name of its key, whatever it is', () => {
    const planted = {
      secret: 1,
      Password: ['x'],
      headers: { Authorization: 'Basic eDp5', 'set-cookie': 'x', accept: 'text/xml' },
      env: { DID_MCP_SECRET: 'x', DID_MCP_DATABASE_URL: 'x', DID_MCP_LOGIN: 'ann' },
      databaseUrl: 'x',
      ticket: 'x',
    }
    expect(fields(planted)).toEqual({
      secret: '[redacted]',
      Password: '[redacted]',
      headers: { Authorization: '[redacted]', 'set-cookie': '[redacted]', accept: 'text/xml' },
      env: { DID_MCP_SECRET: '[redacted]', DID_MCP_DATABASE_URL: '[redacted]', DID_MCP_LOGIN: 'ann' },
      databaseUrl: '[redacted]',
      ticket: '[redacted]',
    })
  })

  test('nor the longer of two that begin alike', () => {
    const lines: string[] = []
    const write = (line: string) => lines.push(line) > 0
    createLogger({ level: 'info', hide: hider(['abc', 'abcdef', '']), write }).info('abcdef abc')
    expect(JSON.parse(lines[0] ?? '').msg).toBe('[redacted] [redacted]')
  })
})

test('odd values do no harm', () => {
  const loop: Record<string, unknown> = { name: 'loop' }
  loop.self = loop
  const deep = Array.from({ length: 20 }).reduce<unknown>((inner) => ({ inner }), 'bottom')
  const odd = {
    loop,
    deep,
    big: 12n,
    none: undefined,
    nil: null,
    bytes: Buffer.from(secret),
    when: new Date(0),
    never: new Date(Number.NaN),
    where: new URL('https://carrier.example/x'),
    call: () => secret,
    long: 'x'.repeat(20_000),
    many: Array.from({ length: 1000 }, () => 0),
    trap: {
      get value() {
        throw new Error(secret)
      },
    },
  }
  expect(fields(odd)).toEqual({
    loop: { name: 'loop', self: '[circular]' },
    deep: { inner: { inner: { inner: { inner: { inner: { inner: { inner: '[deeper]' } } } } } } },
    big: '12',
    nil: null,
    bytes: `[${Buffer.byteLength(secret)} bytes]`,
    when: '1970-01-01T00:00:00.000Z',
    never: 'null',
    where: 'https://carrier.example/x',
    call: '[function]',
    long: 'x'.repeat(10_000),
    many: Array.from({ length: 100 }, () => 0),
    trap: { unreadable: true },
  })
})

test('lines that nobody took are counted in the next one that is taken', () => {
  const lines: string[] = []
  let taking = true
  const write = (line: string) => taking && lines.push(line) > 0
  const log = createLogger({ level: 'info', hide: String, write })
  log.info('1')
  taking = false
  log.info('2')
  log.warn('3')
  taking = true
  log.error('4')
  log.info('5')
  expect(lines.map((line) => JSON.parse(line)).map(({ msg, fields }) => [msg, fields])).toEqual([
    ['1', undefined],
    ['lines of this log were lost: nobody read them in time', { lines: 2 }],
    ['4', undefined],
    ['5', undefined],
  ])
})

describe('in a process', () => {
  const imports = `import { createLogger } from './src/log.ts'
    import { openOutlet } from './src/terminal/outlet.ts'
    const { write } = openOutlet(process.stderr)`

  const script = async (text: string) => {
    const { outputFiles } = await build({
      stdin: { contents: `${imports}\n${text}`, resolveDir: home },
      bundle: true,
      format: 'esm',
      platform: 'node',
      write: false,
    })
    // createRequire wants the address of a real file to look for packages from.
    const here = JSON.stringify(`file://${home}x.js`)
    return outputFiles[0]?.text.replaceAll('import.meta.url', here) ?? ''
  }

  test('lines go to stderr at once, and none to stdout', async () => {
    const text = await script(
      `createLogger({ level: 'info', hide: (text) => text.replaceAll('hush', '[redacted]'), write }).error('last words: hush'); process.exit(3)`,
    )
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', text])
    expect({ status, stdout: String(stdout), msg: JSON.parse(String(stderr)).msg }).toEqual({
      status: 3,
      stdout: '',
      msg: 'last words: [redacted]',
    })
  })

  test('a reader that went away ends nothing', async () => {
    const text = await script(
      `const log = createLogger({ level: 'info', hide: String, write })
       process.stdin.resume().on('end', () => { log.info('nobody reads this'); process.exitCode = 4 })`,
    )
    const child = spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: ['pipe', 'ignore', 'pipe'] })
    child.stderr.destroy()
    await once(child.stderr, 'close')
    child.stdin.end()
    expect(await once(child, 'exit')).toEqual([4, null])
  })
})

function logged(use: (log: ReturnType<typeof createLogger>) => void, level: LogLevel = 'debug'): string[] {
  const lines: string[] = []
  use(createLogger({ level, hide: hider([secret]), write: (line) => lines.push(line) > 0 }))
  return lines
}

/** What a line shows of these fields; the line is searched for the secret besides. */
function fields(planted: LogFields): unknown {
  const [line = ''] = logged((log) => log.info('planted', planted))
  expect(line).not.toContain('s3cret')
  return JSON.parse(line).fields
}
