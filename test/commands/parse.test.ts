import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { thisSystem } from '../../src/clients/clients.ts'
import { clientNames } from '../../src/clients/known-clients.ts'
import { callOf } from '../../src/clients/program.ts'
import { parse } from '../../src/commands/parse.ts'
import { thisMachine } from '../../src/config/machine.ts'
import { readConfig } from '../../src/config/read-config.ts'
import { openSqliteJournal } from '../../src/journal/sqlite/sqlite.ts'
import { tools } from '../../src/tools/index.ts'
import { deadEndpoint } from '../carrier/support/peer.ts'
import { hour, perform } from '../journal/support/intents.ts'
import { temporaryFolder } from '../support/folder.ts'
import { start } from '../support/program.ts'

interface Ended {
  code: number | NodeJS.Signals
  stdout: string
  stderr: string
}

/** What the built program does with these words, where nobody sits at a terminal. */
async function run(words: string, env: Record<string, string> = {}): Promise<Ended> {
  const program = start(words.split(' '), env)
  program.child.stdin?.end()
  const code = await program.ended
  return { code, stdout: program.stdout(), stderr: program.stderr() }
}

describe('--help', () => {
  test.each([
    '--help',
    'sandbox --help',
    'operations --help',
    'operations resolve --help',
    'call --help',
    'approvals --help',
    'approvals list --help',
    'approvals approve --help',
    'approvals deny --help',
    'approvals lift --help',
    'audit --help',
    'backup --help',
    'doctor --help',
    'config --help',
    'demo --help',
  ])('did-mcp %s', async (words) => {
    const { stdout, ...rest } = await run(words)
    expect(rest).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatchSnapshot()
  })

  test.each(['help approvals', 'approvals help', 'help operations'])(
    'did-mcp %s is that of the command',
    async (words) => {
      const command = words.replace(/ ?help ?/, '')
      expect(await run(words)).toEqual(await run(`${command} --help`))
    },
  )

  test.each([60, 80, 200])('fits a terminal of %s columns', async (columns) => {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough({ encoding: 'utf8' }), new PassThrough()]
    const streams = { stdin, stdout: Object.assign(stdout, { columns }), stderr }
    expect(await parse(['--help'], {}, 'dist/main.js', streams)).toBe(0)
    const lines: string[] = stdout.read().split('\n')
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(columns)
    expect(lines.join(' ').replace(/\s+/g, ' ')).toContain('by whom, on whose yes, with what outcome')
  })

  test('--version is that of package.json', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
    expect(await run('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })
})

describe('what was asked wrongly ends with 2, says why on stderr, and does nothing', () => {
  const clients = clientNames.join(', ')
  const choose = `choose ${clients} or generic`
  const commands = 'serve, sandbox, operations, call, approvals, audit, backup, doctor, config, demo'
  const writes =
    'reserveDID, assignDID, configDID, releaseDID, insert911, update911, remove911, addLocation, provisionLocation, removeLocation, Add911Alert, Remove911Alert, UpdateCNAMDisplay, RemoveCNAM, UpdateDIDFailover, SetDIDForward, RemoveDIDForward'
  test.each([
    ['nonsense', `unknown command 'nonsense'; known: ${commands}`],
    ['nonsense --help', `unknown command 'nonsense'; known: ${commands}`],
    ['help nonsense', `unknown command 'nonsense'; known: ${commands}`],
    ['approvals nonsense', "unknown command 'nonsense'; known: list, approve, deny, lift"],
    ['approvals nonsense --help', "unknown command 'nonsense'; known: list, approve, deny, lift"],
    ['approvals help nonsense', "unknown command 'nonsense'; known: list, approve, deny, lift"],
    ['operations list', "unknown command 'list'; known: resolve, or an operation's id (op_…)"],
    ['operations --json list', "unknown command 'list'; known: resolve, or an operation's id (op_…)"],
    ['--nonsense', "unknown option '--nonsense'"],
    ['demo --loud', "unknown option '--loud'"],
    ['demo now', "too many arguments for 'demo'. Expected 0 arguments but got 1."],
    ['config', `missing required argument 'client'\n${choose}`],
    ['config emacs', `no client 'emacs'\n${choose}`],
    ['doctor --client emacs', `option '--client <name>' argument 'emacs' is invalid. Allowed choices are ${clients}.`],
    ['approvals approve', "missing required argument 'id'"],
    ['audit', 'say where it goes: --csv FILE, --csv - or --json'],
    ['audit --json --csv -', "option '--json' cannot be used with option '--csv <file>'"],
    ['operations --json --csv', "option '--json' cannot be used with option '--csv'"],
    [
      'backup -',
      "command-argument value '-' is invalid for argument 'file'. A file's name was expected; the standard output is none.",
    ],
    ['audit --csv', "option '--csv <file>' argument missing"],
    [
      'sandbox --port 65536',
      "option '--port <number>' argument '65536' is invalid. A whole number from 0 to 65535 was expected.",
    ],
    [
      'operations --limit 0',
      "option '--limit <number>' argument '0' is invalid. A whole number from 1 to 10000 was expected.",
    ],
    [
      'operations --tool getDIDs',
      `option '--tool <name>' argument 'getDIDs' is invalid. Allowed choices are ${writes}.`,
    ],
    [
      'operations --since yesterday',
      "option '--since <when>' argument 'yesterday' is invalid. " +
        'A date or time was expected, as 2026-01-31 or "2026-01-31 09:00" (UTC), or 24h, 7d.',
    ],
    ['operations op_1 --limit 3', '--limit narrows the list; an operation by its id is shown whole'],
    ['operations resolve op_1 --tn 4355550105', "required option '--as <outcome>' not specified"],
  ])('did-mcp %s', async (words, what) => {
    expect(await run(words)).toEqual({ code: 2, stdout: '', stderr: `error: ${what}\n` })
  })

  test('a wrong configuration: did-mcp audit', async () => {
    const env = { DID_MCP_LOGIN: 'me', DID_MCP_CONCURRENCY: 'many' }
    const read = readConfig(env, thisMachine(), tools)
    const problems = 'problems' in read ? read.problems : []
    expect(problems).toHaveLength(2)
    const stderr = ['did-mcp cannot start:', ...problems.map((problem) => `- ${problem}`), ''].join('\n')
    expect(await run('audit --csv account.csv', env)).toEqual({ code: 2, stdout: '', stderr })
  })
})

const shape = (value: object): string => `${JSON.stringify(value, null, 2)}\n`

describe('what a command comes to is the exit code', () => {
  test('doctor: 0 where nothing failed, else 1, also as JSON', async () => {
    const well = await run('doctor --json')
    expect({ ...well, stdout: JSON.parse(well.stdout).counts.failed }).toEqual({ code: 0, stdout: 0, stderr: '' })
    const ill = await run('doctor --json', { DID_MCP_LOGIN: 'me' })
    expect({ ...ill, stdout: JSON.parse(ill.stdout).verdict }).toEqual({ code: 1, stdout: 'failed', stderr: '' })
    expect((await run('doctor', { DID_MCP_LOGIN: 'me' })).code).toBe(1)
  })

  test('audit: 0 where the file was written, else 1', async () => {
    const file = join(temporaryFolder(), 'account.csv')
    const stdout = `25 numbers of the sandbox (none of them is real) written to ${file}\n`
    expect(await run(`audit --csv ${file}`)).toEqual({ code: 0, stdout, stderr: '' })
    const stderr = `No file was written: ${file} exists. Choose another name, or replace it with --force.\n`
    expect(await run(`audit --csv ${file}`)).toEqual({ code: 1, stdout: '', stderr })
    expect(await run(`audit --force --csv ${file}`)).toEqual({ code: 0, stdout, stderr: '' })
  })

  test('config: 0', async () => {
    const { code, stdout, stderr } = await run('config cursor')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^did-mcp for Cursor\n/)
  })

  test('demo: 0 where each step was as it should be', async () => {
    const { code, stdout, stderr } = await run('demo')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.match(/^\d+(?=\. )/gm)).toEqual(Array.from({ length: 15 }, (_, index) => String(index + 1)))
    const call = callOf(resolve('dist/main.js'), thisSystem(process.env))
    const end = ['The demo ended as it should. Nothing in it was real.', '']
    const next = ['Next: an entry for your client, Claude Desktop or another, and a look at it:']
    const commands = [`  ${call} config claude-desktop`, `  ${call} doctor --client claude-desktop`]
    const lines = stdout.split('\n')
    expect(lines.slice(-6)).toEqual([...end, ...next, ...commands, ''])
    // Nothing is broken by the terminal, or is for a program alone; what every answer says is said once.
    for (const line of lines.slice(0, -3)) expect(line.length).toBeLessThanOrEqual(100)
    expect(stdout.match(/ticket_[\w-]+|nextCursor: \S+|asOf/g)?.filter((word) => word.length > 25)).toEqual([])
    expect(stdout.match(/environment: sandbox/g)).toHaveLength(1)
    expect(stdout).toContain('   > configDID {"didParams":["4355550105"], "epg":8675}\n')
  })

  test('without a journal there is nothing to show, and nothing wrong; what is named is not there', async () => {
    const { folder } = start(['--version'])
    const env = { DID_MCP_STATE_DIR: folder }
    const none = `The journal: none yet in ${folder}\n`
    expect(await run('operations', env)).toEqual({ code: 0, stdout: `No operation fits. ${none}`, stderr: '' })
    expect(await run('operations --json', env)).toEqual({
      code: 0,
      stdout: shape({ version: 1, operations: [], more: false }),
      stderr: '',
    })
    expect(await run('approvals', env)).toEqual({
      code: 0,
      stdout: `No request waits for a person. ${none}`,
      stderr: '',
    })
    const { stdout } = await run('approvals --json', env)
    expect(JSON.parse(stdout)).toEqual({ version: 1, waiting: [], approved: [], noes: [] })
    const stderr = `There is no operation op_1. ${none}`
    expect(await run('operations op_1', env)).toEqual({ code: 1, stdout: '', stderr })
    expect((await run('approvals deny ap_1', env)).code).toBe(1)
  })

  test('a journal that is away: 1, without the password', async () => {
    const { host } = new URL(await deadEndpoint())
    const env = { DID_MCP_DATABASE_URL: `postgres://ann:MARKED-s3cret@${host}/journal` }
    const { code, stdout, stderr } = await run('operations', env)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(new RegExp(`^did-mcp: The journal's database at ${host} failed`))
    expect(stderr).not.toContain('MARKED')
  })
})

describe('over a journal', () => {
  const older = '4355550105'
  const newer = '4355550110'

  /** A state folder in which something was done 36 hours and something one hour ago. */
  async function journal(): Promise<Record<string, string>> {
    const folder = join(temporaryFolder(), 'state')
    const journal = await openSqliteJournal({ folder })
    await perform(journal, 'reserveDID', [older], 'done', { id: 'op_older', at: Date.now() - 36 * hour })
    await perform(journal, 'reserveDID', [newer], 'done', { id: 'op_newer', at: Date.now() - hour })
    await journal.close()
    return { DID_MCP_STATE_DIR: folder }
  }

  test('operations --since: so long ago, or since a date', async () => {
    const env = await journal()
    const since = async (when: string) => {
      const { code, stdout, stderr } = await run(`operations --json --since ${when}`, env)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      return JSON.parse(stdout).operations.map(({ results }: { results: { tn: string }[] }) => results[0]?.tn)
    }
    expect(await since('24h')).toEqual([newer])
    expect(await since('2d')).toEqual([newer, older])
    expect(await since('0h')).toEqual([])
    expect(await since('2026-01-01')).toEqual([newer, older])
    expect(await since(new Date(Date.now() - 2 * hour).toISOString())).toEqual([newer])
  })

  test('operations ID: that one, whole', async () => {
    const env = await journal()
    const one = await run('operations op_older --json', env)
    expect({ ...one, stdout: JSON.parse(one.stdout).operation.id }).toEqual({ code: 0, stdout: 'op_older', stderr: '' })
    expect((await run('operations op_older', env)).stdout).toContain('\noperation  op_older\n')
  })

  test('operations --json --limit: that there are more is said on stderr', async () => {
    const { code, stdout, stderr } = await run('operations --json --limit 1', await journal())
    expect({ code, count: JSON.parse(stdout).operations.length }).toEqual({ code: 0, count: 1 })
    expect(stderr).toMatch(/^There are more than these 1: /)
  })

  test('what only a person may do, and what is not there, ends with 1', async () => {
    const env = await journal()
    const program = callOf(resolve('dist/main.js'), thisSystem(process.env))
    const person = 'This is for a person at an interactive terminal: run it there. Nothing was changed.\n'
    expect(await run('approvals approve ap_1', env)).toEqual({ code: 1, stdout: person, stderr: '' })
    expect(await run('approvals lift ap_1', env)).toEqual({ code: 1, stdout: person, stderr: '' })
    expect(await run(`operations resolve op_1 --tn ${older} --as done`, env)).toEqual({
      code: 1,
      stdout: person,
      stderr: '',
    })
    expect(await run('approvals deny ap_1', env)).toEqual({
      code: 1,
      stdout: `No request is called ap_1 in the journal ${env.DID_MCP_STATE_DIR}, which is the one that this terminal names. This lists those that wait: ${program} approvals\n`,
      stderr: '',
    })
    const none = `No request waits for a person. The journal: ${env.DID_MCP_STATE_DIR}\n`
    expect(await run('approvals', env)).toEqual({ code: 0, stdout: none, stderr: '' })
  })
})
