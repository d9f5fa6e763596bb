import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import { stdio } from '../../src/commands/launch-stdio.ts'
import { openSqliteJournal } from '../../src/journal/sqlite/sqlite.ts'
import { startSandbox } from '../../src/sandbox/service.ts'
import { answerXml, peer } from '../carrier/support/peer.ts'
import { post } from '../sandbox/support/callers.ts'
import { temporaryFolder } from '../support/folder.ts'
import { initialize, type Message, type Program, start } from '../support/program.ts'

const call = (id: number, name: string, args: object) => ({
  id,
  method: 'tools/call',
  params: { name, arguments: args },
})

/** All that came out, in its order. */
function messages(program: Program): (Message & { jsonrpc?: string })[] {
  const lines = program.stdout().trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line))
}

/** Something that a test waits for. */
function signal(): { given: Promise<void>; give: () => void } {
  let give = () => {}
  const given = new Promise<void>((resolve) => {
    give = resolve
  })
  return { given, give }
}

describe('the server over stdio', () => {
  test('without credentials it is the sandbox, and says so in title, instructions and answers', async () => {
    const program = start()
    const { result } = await initialize(program)
    expect(result).toMatchObject({
      serverInfo: { name: 'did-mcp', title: 'did-mcp (sandbox)' },
      instructions: expect.stringMatching(/sandbox/i),
    })
    program.say(call(1, 'queryDID', { did: '(435) 555-0105' }))
    const answer = await program.hear(1)
    expect(JSON.stringify(answer.result?.content)).toContain('environment: sandbox (nothing here is real)')
    expect(answer.result?.structuredContent).toMatchObject({ results: [{ tn: '4355550105', status: 'available' }] })
  })

  test('stdout carries protocol only, under DEBUG=* too', async () => {
    const program = start([], { DEBUG: '*', DID_MCP_LOG_LEVEL: 'debug', NODE_DEBUG: 'http,net' })
    await initialize(program)
    program.say({ id: 1, method: 'tools/list' })
    program.say(call(2, 'getDIDs', { npa: '435' }))
    program.say(call(3, 'reserveDID', { didParams: ['4355550105'] }))
    program.say(call(4, 'nonsense', {}))
    await Promise.all([1, 2, 3, 4].map(program.hear))
    program.child.stdin?.end()
    expect(await program.ended).toBe(0)
    expect(new Set(messages(program).map(({ jsonrpc }) => jsonrpc))).toEqual(new Set(['2.0']))
  })

  test('a request with id 0 is answered, and can be cancelled', async () => {
    const asked = signal()
    const takenBack = signal()
    await using carrier = await peer((response) => {
      response.on('close', takenBack.give)
      asked.give()
    })
    const program = start([], { DID_MCP_LOGIN: 'me', DID_MCP_SECRET: 's', DID_MCP_ENDPOINT: carrier.endpoint })
    await initialize(program)
    program.say({ id: 0, method: 'tools/list' })
    expect((await program.hear(0)).result).toHaveProperty('tools')
    program.say(call(0, 'queryDID', { did: '4355550105' }))
    await asked.given
    program.say({ method: 'notifications/cancelled', params: { requestId: 0 } })
    await takenBack.given
    program.say({ id: 1, method: 'ping' })
    await program.hear(1)
    expect(messages(program).map(({ id }) => id)).toEqual(['init', 0, 1])
  })

  test('bad JSON gets no answer, a foreign message with an id is refused, and the next request is served', async () => {
    const program = start()
    await initialize(program)
    program.child.stdin?.write('{"jsonrpc": "2.0", "id": 7, \n[]\nhello\n{"id":8}\n')
    program.say({ id: 9, method: 'ping' })
    expect(await program.hear(9)).toEqual({ jsonrpc: '2.0', id: 9, result: {} })
    expect(messages(program).map(({ id }) => id)).toEqual(['init', 8, 9])
  })

  test('a message over the limit is refused by its id, and the server lives', async () => {
    const program = start()
    await initialize(program)
    program.say(call(5, 'queryDID', { did: 'x'.repeat(11 * 2 ** 20) }))
    expect((await program.hear(5)).error?.message).toContain('Nothing was done')
    program.say({ id: 6, method: 'ping' })
    expect((await program.hear(6)).result).toEqual({})
  })

  test('after the end of input it ends in order, with the sandbox and the journal open', async () => {
    const program = start()
    await initialize(program)
    program.say(call(1, 'reserveDID', { didParams: ['4355550105'] }))
    await program.hear(1)
    expect(existsSync(join(program.folder, 'state'))).toBe(true)
    program.child.stdin?.end()
    expect(await program.ended).toBe(0)
    expect(program.stderr()).toBe('')
  })

  test('a write under way when the input ends does not keep it until it is answered, and stays open', async () => {
    const sandbox = await startSandbox()
    onTestFinished(() => sandbox.close())
    const sent = signal()
    await using carrier = await peer(async (response, { body }) => {
      if (body.includes('<queryDID')) answerXml(response, (await post(sandbox, { operation: 'queryDID', body })).body)
      else sent.give()
    })
    const { login, secret } = sandbox
    const program = start([], { DID_MCP_LOGIN: login, DID_MCP_SECRET: secret, DID_MCP_ENDPOINT: carrier.endpoint })
    await initialize(program)
    program.say(call(1, 'reserveDID', { didParams: ['4355550105'] }))
    await sent.given
    program.child.stdin?.end()
    expect(await program.ended).toBe(0)
    expect(messages(program).map(({ id }) => id)).toEqual(['init'])
    const journal = await openSqliteJournal({ folder: join(program.folder, 'state') })
    const { operations } = await journal.readOperations({ limit: 10 })
    await journal.close()
    const before = expect.objectContaining({ status: 'available', tier: expect.any(String) })
    const rows = [{ tn: '4355550105', asked: {}, before, sentAt: expect.any(Number) }]
    expect(operations).toEqual([expect.objectContaining({ tool: 'reserveDID', status: 'open', rows })])
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it in order', async (signal) => {
    const program = start()
    await initialize(program)
    program.child.kill(signal)
    expect(await program.ended).toBe(0)
  })

  test('a client that stops reading does not crash it', async () => {
    const program = start()
    await initialize(program)
    program.child.stdout?.destroy()
    program.say({ id: 1, method: 'tools/list' })
    program.say({ id: 2, method: 'tools/list' })
    expect(await program.ended).toBe(0)
    const lines = program.stderr().trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 'warn', msg: 'a standard stream failed', fields: { error: 'write EPIPE' } }),
    ])
  })
})

describe('a person who starts it', () => {
  test.each([
    ['in a terminal is told what it waits for', true],
    ['in a pipe is told nothing', undefined],
  ])('%s', async (_, isTTY) => {
    const stdin = Object.assign(new PassThrough(), isTTY && { isTTY })
    const [stdout, stderr] = [new PassThrough({ encoding: 'utf8' }), new PassThrough({ encoding: 'utf8' })]
    const env = { DID_MCP_STATE_DIR: join(temporaryFolder(), 'state') }
    const ended = stdio(env, '/opt/did-mcp/dist/main.js', { stdin, stdout, stderr })
    stdin.end()
    expect(await ended).toBe(0)
    const words =
      'did-mcp speaks MCP over stdin and stdout, and waits for a client (Ctrl-C ends it). ' +
      `See ${process.execPath} /opt/did-mcp/dist/main.js --help\n`
    expect([stdout.read(), stderr.read()]).toEqual([null, isTTY ? words : null])
  })
})

describe('a configuration that is wrong', () => {
  test('names every problem at once on stderr, exits with 2, and leaves stdout empty', async () => {
    const program = start([], {
      DID_MCP_LOGIN: 'me',
      DID_MCP_ENDPOINT: 'http://carrier.example/api',
      DID_MCP_POLICY: '/nowhere/policy.json',
      DID_MCP_CONCURRENCY: 'many',
    })
    expect(await program.ended).toBe(2)
    expect(program.stdout()).toBe('')
    expect(program.stderr()).toBe(`did-mcp cannot start:
- DID_MCP_ENDPOINT must begin with https:// (http:// is for loopback hosts alone), because the secret travels in every request
- DID_MCP_CONCURRENCY must be a whole number from 1 to 64, but is "many"
- DID_MCP_LOGIN is set without a secret: set DID_MCP_SECRET or DID_MCP_SECRET_FILE, or unset DID_MCP_LOGIN to use the embedded sandbox
- DID_MCP_POLICY /nowhere/policy.json: there is no such file
`)
  })

  test('a secret without a login, too', async () => {
    const program = start([], { DID_MCP_SECRET: 'pa55word-marked' })
    expect(await program.ended).toBe(2)
    expect(program.stdout()).toBe('')
    expect(program.stderr()).toBe(`did-mcp cannot start:
- DID_MCP_SECRET is set without DID_MCP_LOGIN: set DID_MCP_LOGIN, or unset DID_MCP_SECRET to use the embedded sandbox
`)
  })

  test('an unreadable policy is named with what is wrong in it', async () => {
    const file = join(temporaryFolder(), 'policy.json')
    writeFileSync(file, '{"effects": {"destroy": "perhaps"}, "protectd": []}')
    const program = start([], { DID_MCP_POLICY: file })
    expect(await program.ended).toBe(2)
    expect(program.stdout()).toBe('')
    expect(program.stderr()).toBe(`did-mcp cannot start:
- DID_MCP_POLICY ${file}: effects.destroy must be "allow", "confirm" or "deny", but is "perhaps"
- DID_MCP_POLICY ${file}: unknown key protectd (known here: $schema, effects, tools, confirmation, limits, protected, endpointGroups, forwardTo, tiers, minimumBalance)
`)
  })
})

describe('the secret', () => {
  test('leaves the process towards the carrier and nowhere else, whatever goes wrong', async () => {
    const secret = 'MARKED-s3cret<&>"42'
    const sandbox = await startSandbox()
    try {
      const program = start([], {
        DID_MCP_LOGIN: 'sandbox',
        DID_MCP_SECRET: secret,
        DID_MCP_ENDPOINT: sandbox.endpoint,
        DID_MCP_LOG_LEVEL: 'debug',
        DEBUG: '*',
        DID_MCP_TIMEOUT_MS: '2000',
      })
      await initialize(program)
      program.say(call(1, 'queryDID', { did: '4355550105' }))
      expect(JSON.stringify(await program.hear(1))).toContain('CARRIER_AUTH')
      for (const [index, tool] of ['auditDIDs', 'getDIDs', 'reserveDID', 'releaseDID'].entries()) {
        const args = tool === 'getDIDs' ? { npa: '435' } : tool === 'auditDIDs' ? {} : { didParams: ['4355550105'] }
        program.say(call(10 + index, tool, args))
        await program.hear(10 + index)
      }
      program.child.stdin?.end()
      await program.ended
      const left = program.stdout() + program.stderr()
      for (const spelling of [secret, 'MARKED-s3cret', 'MARKED-s3cret&lt;', encodeURIComponent(secret)]) {
        expect(left).not.toContain(spelling)
      }
    } finally {
      await sandbox.close()
    }
  })
})
