import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Machine, thisMachine } from '../src/config/machine.ts'
import { type Config, productionEndpoint, readConfig, secretsOf } from '../src/config.ts'
import { builtIn } from '../src/policy/policy.ts'
import { PolicyUnreadable } from '../src/policy/source.ts'
import { tools } from './policy/tools.ts'

let folder: string
let machine: Machine

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'did-mcp-config-'))
  machine = {
    ...thisMachine(),
    systemPolicyPath: join(folder, 'system.json'),
    stateDir: '/home/ann/.local/state/did-mcp',
  }
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

const live = { DID_MCP_LOGIN: 'ann', DID_MCP_SECRET: 'marked-secret' }

describe('what an environment comes to', () => {
  test('nothing set: the embedded sandbox, the built-in policy, SQLite in the platform folder', () => {
    const { policy, ...config } = read({ PATH: '/bin', DID_MCP_LOGIN: '', DID_MCP_TEST_FAULT: 'x' })
    expect(config).toEqual({
      carrier: undefined,
      stateDir: '/home/ann/.local/state/did-mcp',
      databaseUrl: undefined,
      timeoutMs: { call: 30_000, listing: 180_000 },
      concurrency: 8,
      logLevel: 'info',
      quietSeconds: 5,
      retentionDays: undefined,
    })
    expect(policy.current()).toEqual(builtIn)
  })

  test('everything set', () => {
    writeFileSync(join(folder, 'policy.json'), '{"effects":{"destroy":"deny"}}')
    const { policy, ...config } = read({
      ...live,
      DID_MCP_ENDPOINT: 'https://carrier.example/api.asmx',
      DID_MCP_POLICY: join(folder, 'policy.json'),
      DID_MCP_CONFIRMATION: 'human',
      DID_MCP_STATE_DIR: '/var/lib/did-mcp',
      DID_MCP_DATABASE_URL: 'postgresql://ann:p%40ss@db.example:5432/did',
      DID_MCP_TIMEOUT_MS: '5000',
      DID_MCP_CONCURRENCY: '2',
      DID_MCP_LOG_LEVEL: 'debug',
      DID_MCP_QUIET_SECONDS: '0',
      DID_MCP_RETENTION_DAYS: '365',
    })
    expect(config).toEqual({
      carrier: {
        login: 'ann',
        secret: 'marked-secret',
        endpoint: 'https://carrier.example/api.asmx',
        environment: 'live',
      },
      stateDir: '/var/lib/did-mcp',
      databaseUrl: 'postgresql://ann:p%40ss@db.example:5432/did',
      timeoutMs: { call: 5000, listing: 5000 },
      concurrency: 2,
      logLevel: 'debug',
      quietSeconds: 0,
      retentionDays: 365,
    })
    expect(policy.current()).toEqual({
      ...builtIn,
      effects: { ...builtIn.effects, destroy: 'deny' },
      confirmation: { ...builtIn.confirmation, mode: 'human' },
    })
    expect(secretsOf({ policy, ...config })).toEqual([
      'marked-secret',
      'postgresql://ann:p%40ss@db.example:5432/did',
      'p@ss',
    ])
  })

  test('credentials alone: the production endpoint, live, a quiet time of 130 s', () => {
    const { carrier, quietSeconds } = read(live)
    expect({ carrier, quietSeconds }).toEqual({
      carrier: { login: 'ann', secret: 'marked-secret', endpoint: productionEndpoint, environment: 'live' },
      quietSeconds: 130,
    })
  })

  test.each([
    ['http://127.0.0.1:8080/x', 'sandbox', 'sandbox', 5],
    ['http://localhost:8080/x', 'sandbox', 'sandbox', 5],
    ['http://[::1]:8080/x', 'sandbox', 'sandbox', 5],
    ['https://127.9.9.9/x', 'sandbox', 'sandbox', 5],
    ['http://127.0.0.1:8080/x', 'ann', 'live', 130],
    ['https://carrier.example/x', 'sandbox', 'live', 130],
  ])('%s as %s is %s', (endpoint, login, environment, quiet) => {
    const { carrier, quietSeconds } = read({ DID_MCP_LOGIN: login, DID_MCP_SECRET: 's', DID_MCP_ENDPOINT: endpoint })
    expect({ carrier, quietSeconds }).toEqual({
      carrier: { login, secret: 's', endpoint, environment },
      quietSeconds: quiet,
    })
  })

  test('the environment only tightens what the policy says of confirmation', () => {
    const path = join(folder, 'policy.json')
    writeFileSync(path, '{"confirmation":{"mode":"human"}}')
    const { policy } = read({ DID_MCP_POLICY: path, DID_MCP_CONFIRMATION: 'auto' })
    expect(policy.current().confirmation.mode).toBe('human')
  })
})

describe('the secret in a file', () => {
  const fromFile = (content: string | Buffer) => {
    const path = join(folder, 'secret')
    writeFileSync(path, content)
    return readConfig({ DID_MCP_LOGIN: 'ann', DID_MCP_SECRET_FILE: path }, machine, tools)
  }

  test.each(['s3cret & more', 's3cret & more\n', 's3cret & more\r\n'])('%j is read', (content) => {
    const answer = fromFile(content)
    expect('config' in answer && answer.config.carrier?.secret).toBe('s3cret & more')
  })

  test.each([
    ['', 'it must hold one line of at most 256 bytes'],
    ['\n', 'it must hold one line of at most 256 bytes'],
    ['one\ntwo\n', 'it must hold one line of at most 256 bytes'],
    [`${'x'.repeat(257)}`, 'it must hold one line of at most 256 bytes'],
    [`${'x'.repeat(1000)}`, 'it is larger than 258 bytes'],
    [Buffer.from([0xff, 0xfe, 0x41]), 'it is not UTF-8'],
  ])('%j is refused', (content, problem) => {
    expect(fromFile(content)).toEqual({ problems: [`DID_MCP_SECRET_FILE ${folder}/secret: ${problem}`] })
  })

  test('256 bytes are a secret', () => {
    const answer = fromFile(`${'x'.repeat(256)}\r\n`)
    expect('config' in answer && answer.config.carrier?.secret).toBe('x'.repeat(256))
  })

  test.each([
    ['/no/such/file', 'there is no such file'],
    ['/tmp', 'it is a folder'],
    ['/dev/zero', 'it is larger than 258 bytes'],
  ])('%s', (path, problem) => {
    const answer = readConfig({ DID_MCP_LOGIN: 'ann', DID_MCP_SECRET_FILE: path }, machine, tools)
    expect(answer).toEqual({ problems: [`DID_MCP_SECRET_FILE ${path}: ${problem}`] })
  })
})

describe('what is wrong', () => {
  const toSandbox = (name: string) => `or unset ${name} to use the embedded sandbox`

  test.each([
    [
      { DID_MCP_LOGIN: 'ann' },
      `DID_MCP_LOGIN is set without a secret: set DID_MCP_SECRET or DID_MCP_SECRET_FILE, ${toSandbox('DID_MCP_LOGIN')}`,
    ],
    [
      { DID_MCP_SECRET: 'x' },
      `DID_MCP_SECRET is set without DID_MCP_LOGIN: set DID_MCP_LOGIN, ${toSandbox('DID_MCP_SECRET')}`,
    ],
    [
      { DID_MCP_ENDPOINT: 'https://carrier.example/x' },
      `DID_MCP_ENDPOINT is set without credentials: set DID_MCP_LOGIN and DID_MCP_SECRET, ${toSandbox('DID_MCP_ENDPOINT')}`,
    ],
    [{ ...live, DID_MCP_SECRET: 'one\ntwo' }, 'DID_MCP_SECRET must be one line of at most 256 bytes'],
    [{ ...live, DID_MCP_LOGIN: 'x'.repeat(257) }, 'DID_MCP_LOGIN must be one line of at most 256 bytes'],
    [{ DID_MCP_POLICY: 'policy.json' }, 'DID_MCP_POLICY must be an absolute path, but is "policy.json"'],
    [{ DID_MCP_STATE_DIR: '~/state' }, 'DID_MCP_STATE_DIR must be an absolute path, but is "~/state"'],
    [{ DID_MCP_CONFIRMATION: 'none' }, 'DID_MCP_CONFIRMATION must be auto or human, but is "none"'],
    [{ DID_MCP_TIMEOUT_MS: '99' }, 'DID_MCP_TIMEOUT_MS must be a whole number from 100 to 900000, but is "99"'],
    [{ DID_MCP_CONCURRENCY: '0x8' }, 'DID_MCP_CONCURRENCY must be a whole number from 1 to 64, but is "0x8"'],
    [{ DID_MCP_LOG_LEVEL: 'loud' }, 'DID_MCP_LOG_LEVEL must be debug, info, warn or error, but is "loud"'],
    [{ DID_MCP_QUIET_SECONDS: '-1' }, 'DID_MCP_QUIET_SECONDS must be a whole number from 0 to 3600, but is "-1"'],
    [{ DID_MCP_RETENTION_DAYS: '0' }, 'DID_MCP_RETENTION_DAYS must be a whole number from 1 to 36500, but is "0"'],
    [
      { DID_MCP_DATABASE_URL: 'mysql://ann:marked-secret@db/did' },
      'DID_MCP_DATABASE_URL must be a PostgreSQL address, like postgresql://user:password@host:5432/database',
    ],
    ...['%', '50%', '%zz', '%ff', '%c3%28'].map((password): [Record<string, string>, string] => [
      { DID_MCP_DATABASE_URL: `postgresql://ann:${password}@db/did` },
      'DID_MCP_DATABASE_URL must hold its password percent-encoded as UTF-8, a % itself as %25',
    ]),
    [{ DID_MCP_POLCY: '/etc/p.json' }, 'DID_MCP_POLCY is not a variable of did-mcp: did you mean DID_MCP_POLICY?'],
    [{ did_mcp_secret: 'x' }, 'did_mcp_secret is not a variable of did-mcp: did you mean DID_MCP_SECRET?'],
  ])('%j', (env, problem) => {
    expect(readConfig(env, machine, tools)).toEqual({ problems: [problem] })
  })

  test.each([
    ['carrier.example', 'must be an https address'],
    [
      'ftp://carrier.example/x',
      'must begin with https:// (http:// is for loopback hosts alone), because the secret travels in every request',
    ],
    [
      'http://carrier.example/x',
      'must begin with https:// (http:// is for loopback hosts alone), because the secret travels in every request',
    ],
    [
      'http://localhost.evil.example/x',
      'must begin with https:// (http:// is for loopback hosts alone), because the secret travels in every request',
    ],
    [
      'http://127.0.0.1.evil.example/x',
      'must begin with https:// (http:// is for loopback hosts alone), because the secret travels in every request',
    ],
    [
      'https://ann:marked-secret@carrier.example/x',
      'must not hold a user or password: set DID_MCP_LOGIN and DID_MCP_SECRET',
    ],
    ['https://carrier.example/x?wsdl', 'must end with its path, without "?wsdl" or anything after "?" or "#"'],
  ])('endpoint %s', (endpoint, problem) => {
    const answer = readConfig({ ...live, DID_MCP_ENDPOINT: endpoint }, machine, tools)
    expect(answer).toEqual({ problems: [`DID_MCP_ENDPOINT ${problem}`] })
  })

  test('everything at once, and no secret in any of it', () => {
    writeFileSync(join(folder, 'system.json'), '{"effects":{"hold":"never"}')
    writeFileSync(join(folder, 'policy.json'), '{"limit":{},"tools":{"burnDID":"deny"}}')
    const answer = readConfig(
      {
        DID_MCP_SECRET: 'marked-secret',
        DID_MCP_SECRET_FILE: '/no/such/file',
        DID_MCP_ENDPOINT: 'http://ann:marked-secret@carrier.example/x',
        DID_MCP_DATABASE_URL: 'marked-secret',
        DID_MCP_POLICY: join(folder, 'policy.json'),
        DID_MCP_CONCURRENCY: 'many',
        DID_MCP_SECRT: 'marked-secret',
      },
      { ...machine, stateDir: 'relative' },
      tools,
    )
    expect(answer).toEqual({
      problems: [
        'DID_MCP_ENDPOINT must not hold a user or password: set DID_MCP_LOGIN and DID_MCP_SECRET',
        'DID_MCP_DATABASE_URL must be a PostgreSQL address, like postgresql://user:password@host:5432/database',
        'DID_MCP_CONCURRENCY must be a whole number from 1 to 64, but is "many"',
        'DID_MCP_SECRT is not a variable of did-mcp: did you mean DID_MCP_SECRET?',
        'DID_MCP_SECRET and DID_MCP_SECRET_FILE are both set: unset one of them',
        'DID_MCP_SECRET is set without DID_MCP_LOGIN: set DID_MCP_LOGIN, or unset DID_MCP_SECRET to use the embedded sandbox',
        'DID_MCP_SECRET_FILE /no/such/file: there is no such file',
        `DID_MCP_POLICY ${folder}/policy.json: unknown key limit (known here: $schema, effects, tools, confirmation, limits, protected, endpointGroups, tiers)`,
        `DID_MCP_POLICY ${folder}/policy.json: unknown tool tools.burnDID (known: ${tools.map((tool) => tool.name).join(', ')})`,
        `system policy ${folder}/system.json: it is not JSON (line 1, column 28)`,
        "The platform's state folder relative is no absolute path: set DID_MCP_STATE_DIR to one",
      ],
    })
    expect(JSON.stringify(answer)).not.toContain('marked-secret')
  })

  test('a policy that is no JSON is not quoted: it may be a secret, given by mistake', () => {
    const path = join(folder, 'policy.json')
    writeFileSync(path, 'marked-secret')
    const answer = readConfig({ DID_MCP_POLICY: path }, machine, tools)
    expect(answer).toEqual({ problems: [`DID_MCP_POLICY ${path}: it is not JSON`] })
  })
})

describe('the policy while the server runs', () => {
  let path: string
  let at = 1_000_000_000
  const write = (text: string, file = path) => {
    writeFileSync(file, text)
    // Another time at each writing, however coarse the clock of the file system.
    utimesSync(file, at, at++)
  }

  beforeEach(() => {
    path = join(folder, 'policy.json')
    write('{"effects":{"hold":"confirm"}}')
  })

  test('is read again when the file changes, at the same length too', () => {
    const { policy } = read({ DID_MCP_POLICY: path })
    expect(policy.current().protected).toEqual([])
    write('{"protected":["800*"]}')
    expect(policy.current().protected).toEqual(['800*'])
    write('{"protected":["900*"]}')
    expect(policy.current().protected).toEqual(['900*'])
    expect(policy.current()).toBe(policy.current())
  })

  test('closes when the file goes wrong or away, and opens when it is mended', () => {
    const { policy } = read({ DID_MCP_POLICY: path })
    const before = policy.current()
    write('{"effects":{"hold":"never"}}')
    expect(refusal(policy)).toEqual({
      message:
        `The policy cannot be read, so nothing is written until it is mended. DID_MCP_POLICY ${path}: ` +
        'effects.hold must be "allow", "confirm" or "deny", but is "never"',
      problems: [`DID_MCP_POLICY ${path}: effects.hold must be "allow", "confirm" or "deny", but is "never"`],
      last: before,
    })
    rmSync(path)
    expect(refusal(policy)?.problems).toEqual([`DID_MCP_POLICY ${path}: there is no such file`])
    expect(refusal(policy)?.problems).toEqual([`DID_MCP_POLICY ${path}: there is no such file`])
    write('{"effects":{"hold":"deny"}}')
    expect(policy.current().effects.hold).toBe('deny')
  })

  test('a system policy tightens it, from the moment it is there', () => {
    const system = join(folder, 'system.json')
    const { policy } = read({ DID_MCP_POLICY: path })
    write('{"effects":{"destroy":"deny"},"protected":["435*"]}', system)
    expect(policy.current()).toEqual({
      ...builtIn,
      effects: { hold: 'confirm', change: 'confirm', spend: 'confirm', destroy: 'deny' },
      protected: ['435*'],
    })
    write('{', system)
    expect(refusal(policy)?.problems).toEqual([`system policy ${system}: it is not JSON (line 1, column 2)`])
  })

  test('a system policy loosens nothing of the confirmation, and leaves trust to who knows the client', () => {
    const system = join(folder, 'system.json')
    write('{"confirmation":{"trustElicitation":false}}')
    const byPerson = read({ DID_MCP_POLICY: path, DID_MCP_CONFIRMATION: 'human' }).policy
    const byTicket = read({ DID_MCP_POLICY: path }).policy
    const distrusted = { ...builtIn.confirmation, trustElicitation: false }
    for (const text of ['{}', '{"confirmation":{"waitSeconds":60}}', '{"confirmation":{"trustElicitation":false}}']) {
      write(text, system)
      expect(byPerson.current().confirmation).toEqual({ ...distrusted, mode: 'human' })
      expect(byTicket.current().confirmation).toEqual(distrusted)
    }
    // Stated, it holds: without the form a ticket would do, but no form does where a person outside must approve.
    write('{"confirmation":{"trustElicitation":true}}', system)
    expect(byPerson.current().confirmation).toEqual({ ...distrusted, mode: 'human' })
    expect(byTicket.current().confirmation).toEqual({ ...distrusted, trustElicitation: true })
  })

  test('a distrust that the system policy states holds where the environment asks for people', () => {
    write('{"confirmation":{"trustElicitation":false}}', join(folder, 'system.json'))
    const { policy } = read({ DID_MCP_CONFIRMATION: 'human' })
    expect(policy.current().confirmation).toEqual({
      ...builtIn.confirmation,
      mode: 'human',
      trustElicitation: false,
    })
  })

  test('a system policy that cannot be looked at is not taken for absent', () => {
    const locked: Machine = {
      ...machine,
      stamp() {
        throw Object.assign(new Error('locked'), { code: 'EACCES' })
      },
      read() {
        throw Object.assign(new Error('locked'), { code: 'EACCES' })
      },
    }
    expect(readConfig({}, locked, tools)).toEqual({
      problems: [`system policy ${folder}/system.json: permission is denied`],
    })
  })
})

test.runIf(process.platform === 'linux')('on Linux the state lies where XDG puts it', () => {
  vi.stubEnv('XDG_STATE_HOME', '/var/xdg')
  const { stateDir, systemPolicyPath } = thisMachine()
  vi.unstubAllEnvs()
  expect({ stateDir, systemPolicyPath }).toEqual({
    stateDir: '/var/xdg/did-mcp',
    systemPolicyPath: '/etc/did-mcp/policy.json',
  })
})

function read(env: Record<string, string>): Config {
  const answer = readConfig(env, machine, tools)
  if ('problems' in answer) throw new Error(answer.problems.join('\n'))
  return answer.config
}

function refusal(policy: Config['policy']): Pick<PolicyUnreadable, 'message' | 'problems' | 'last'> | undefined {
  try {
    policy.current()
  } catch (error) {
    if (!(error instanceof PolicyUnreadable)) throw error
    return { message: error.message, problems: error.problems, last: error.last }
  }
  return undefined
}
