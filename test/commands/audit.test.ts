import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { audit } from '../../src/commands/audit.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/service.ts'
import { answer } from '../carrier/support/answers.ts'
import { answerXml, peer } from '../carrier/support/peer.ts'
import { temporaryFolder } from '../support/folder.ts'
import { testTerminal } from '../support/terminal.ts'

let folder: string
let sandbox: Sandbox
beforeEach(async () => {
  folder = temporaryFolder()
  sandbox = await startSandbox({ owned: 2500 })
})
afterEach(() => sandbox.close())

/** Runs the command over the sandbox; what it printed, complained of and told on the way. */
async function run(csv: string, force = false, terminal = testTerminal(), endpoint = sandbox.endpoint) {
  const env = {
    DID_MCP_LOGIN: sandbox.login,
    DID_MCP_SECRET: sandbox.secret,
    DID_MCP_ENDPOINT: endpoint,
    DID_MCP_STATE_DIR: join(folder, 'state'),
  }
  const code = await audit({ csv, json: false, force }, env, terminal)
  const { lines, failed, progressed } = terminal
  return { code, lines, failed, progressed }
}

test('the whole account is in the file, and nothing else lies beside it', async () => {
  const file = join(folder, 'account.csv')
  expect(await run(file)).toEqual({
    code: 0,
    lines: [`2500 numbers of the sandbox (none of them is real) written to ${file}`],
    failed: [],
    progressed: ['1000 numbers read', '2000 numbers read'],
  })
  const [headings = '', ...lines] = readFileSync(file, 'utf8').split('\r\n')
  expect(headings.split(',')).toContain('endpointId')
  expect(lines.pop()).toBe('')
  expect(lines.map((line) => line.slice(0, 10))).toEqual([...sandbox.inventory.owned()].map(({ tn }) => tn))
  expect(readdirSync(folder)).toEqual(['account.csv'])
})

test('a number that comes twice stands in it once, and that is said with what the carrier says', async () => {
  const row = (tn: string, refId: string) =>
    `<DID><tn>${tn}</tn><statusCode>100</statusCode><refId>${refId}</refId></DID>`
  const rows = [row('4355550151', 'a'), row('4355550150', 'b'), row('4355550151', 'c')].join('')
  const words = '<responseMessage>in part, see [notes](http://x)</responseMessage>'
  await using carrier = await peer((response) =>
    answerXml(response, answer('auditDIDs', `<responseCode>100</responseCode>${words}<DIDs>${rows}</DIDs>`)),
  )
  const file = join(folder, 'account.csv')
  expect((await run(file, false, testTerminal(), carrier.endpoint)).lines).toEqual([
    `2 numbers of the sandbox (none of them is real) written to ${file}`,
    '1 row came for a number that had come before; each number stands in it once',
    'The carrier says: "in part, see (notes)(http: /x)"',
  ])
  const [, ...lines] = readFileSync(file, 'utf8').split('\r\n')
  expect(lines.map((line) => line.split(',').filter(Boolean))).toEqual([
    ['4355550151', 'a', '100'],
    ['4355550150', 'b', '100'],
    [],
  ])
})

test('rows that could not be read are lines of their own at its end, and are counted', async () => {
  const rows = ['4355550151', '+14355550150', '4355550152', '=1;=2'].map(
    (tn) => `<DID><tn>${tn}</tn><statusCode>100</statusCode></DID>`,
  )
  await using carrier = await peer((response) =>
    answerXml(response, answer('auditDIDs', `<responseCode>100</responseCode><DIDs>${rows.join('')}</DIDs>`)),
  )
  const file = join(folder, 'account.csv')
  expect((await run(file, false, testTerminal(), carrier.endpoint)).lines).toEqual([
    `2 numbers of the sandbox (none of them is real) written to ${file}`,
    '2 rows could not be read; they stand at the end, without a number, as they came',
  ])
  const [, ...lines] = readFileSync(file, 'utf8').split('\r\n')
  expect(lines.slice(0, 2).map((line) => line.slice(0, 10))).toEqual(['4355550151', '4355550152'])
  expect(lines[2]).toMatch(/^,*not readable: .*\+14355550150/)
  expect(lines[3]).toMatch(/^,*not readable: .*=1;'=2/)
  expect(lines).toHaveLength(5)
})

test('a file that is there is replaced only when that is asked for', async () => {
  const file = join(folder, 'account.csv')
  writeFileSync(file, 'mine')
  expect(await run(file)).toMatchObject({
    code: 1,
    failed: [`No file was written: ${file} exists. Choose another name, or replace it with --force.`],
  })
  expect(readFileSync(file, 'utf8')).toBe('mine')
  expect(sandbox.calls).toEqual([])
  expect(await run(file, true)).toMatchObject({ code: 0 })
  expect(readFileSync(file, 'utf8')).toMatch(/^tn,/)
})

test.skipIf(process.platform === 'win32')(
  'a file that is replaced keeps its permissions; a new one is ours alone',
  async () => {
    const file = join(folder, 'account.csv')
    await run(file)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    chmodSync(file, 0o640)
    await run(file, true)
    expect(statSync(file).mode & 0o777).toBe(0o640)
  },
)

test.each<[string, (file: string) => void, string]>([
  ['a folder', (file) => mkdirSync(file), 'is a folder. Name a file in it.'],
  ['a link', (file) => symlinkSync(join(folder, 'other.csv'), file), 'is a link. Name the file that it leads to.'],
])('%s is not replaced, and that is said before the carrier is asked', async (_, make, why) => {
  const file = join(folder, 'account.csv')
  make(file)
  const before = lstatSync(file)
  expect(await run(file, true)).toMatchObject({ code: 1, failed: [`No file was written: ${file} ${why}`] })
  expect(sandbox.calls).toEqual([])
  expect(lstatSync(file)).toEqual(before)
})

test.skipIf(process.platform === 'win32')('nor is what is no regular file', async () => {
  const socket = createServer()
  const file = join(folder, 'socket')
  await new Promise<void>((resolve) => socket.listen(file, resolve))
  onTestFinished(() => void socket.close())
  const failed = [`No file was written: ${file} is no regular file. Choose another name.`]
  expect(await run(file, true)).toMatchObject({ code: 1, failed })
  expect(sandbox.calls).toEqual([])
})

test('who leaves while the account is read hears that nothing was written', async () => {
  const terminal = testTerminal()
  const left = run(join(folder, 'account.csv'), false, { ...terminal, progress: () => void process.emit('SIGINT') })
  expect(await left).toMatchObject({ code: 1, failed: ['Cancelled; nothing was written.'] })
  expect(readdirSync(folder)).toEqual([])
})

test('an answer that was cut leaves no file, not even half of one', async () => {
  sandbox.inject({ name: 'cut', operation: 'auditDIDs' })
  const { code, failed } = await run(join(folder, 'account.csv'))
  expect(code).toBe(1)
  expect(failed[0]).toMatch(/^No file was written: The carrier's answer /)
  expect(readdirSync(folder)).toEqual([])
})

test('a folder that is not there is said before the carrier is asked', async () => {
  expect(await run(join(folder, 'nowhere', 'account.csv'))).toMatchObject({
    code: 1,
    failed: [`No file was written: there is no folder ${join(folder, 'nowhere')}.`],
  })
  expect(sandbox.calls).toEqual([])
})

// A limit on the size of files cuts a write as a full disk does: the part that fits is written, without an error.
test.skipIf(process.platform === 'win32')('a write that was cut is no file, and is said', () => {
  const file = join(folder, 'account.csv')
  const limited = `ulimit -f 1; exec '${process.execPath}' dist/main.js audit --csv '${file}'`
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', limited], {
    env: { PATH: process.env.PATH, DID_MCP_STATE_DIR: join(folder, 'state') },
    encoding: 'utf8',
  })
  expect({ status, stdout, stderr }).toEqual({
    status: 1,
    stdout: '',
    stderr: 'No file was written: the file grew larger than files may be there.\n',
  })
  expect(readdirSync(folder)).toEqual([])
})
