import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hiderOf, productionEndpoint } from '../../src/config/read-config.ts'
import { parsePostgresUrl } from '../../src/journal/postgres/postgres-url.ts'
import { builtIn } from '../../src/policy/policy.ts'
import { ruleFor } from '../../src/policy/ruling.ts'
import { tools } from '../policy/support/tools.ts'
import { temporaryFolder } from '../support/folder.ts'
import { ownMachine } from './support/machine.ts'

const { path, write, judge, read } = ownMachine()
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
      toolsets: [],
      http: { publicUrl: undefined, oauth: undefined, tokensFile: undefined },
    })
    expect(policy.current()).toEqual(builtIn)
  })

  test('everything set', () => {
    const { policy, ...config } = read({
      ...live,
      DID_MCP_ENDPOINT: 'https://carrier.example/api.asmx',
      DID_MCP_POLICY: write('policy.json', '{"effects":{"destroy":"deny"}}'),
      DID_MCP_CONFIRMATION: 'human',
      DID_MCP_STATE_DIR: '/var/lib/did-mcp',
      DID_MCP_DATABASE_URL: 'postgresql://ann:p%40ss@db.example:5432/did',
      DID_MCP_TIMEOUT_MS: '5000',
      DID_MCP_CONCURRENCY: '2',
      DID_MCP_LOG_LEVEL: 'debug',
      DID_MCP_QUIET_SECONDS: '0',
      DID_MCP_RETENTION_DAYS: '365',
      DID_MCP_TOOLSETS: 'e911, account,e911',
      DID_MCP_PUBLIC_URL: 'https://did.example.com',
      DID_MCP_OAUTH_ISSUER: 'https://login.example.com/realms/did',
      DID_MCP_OAUTH_AUDIENCE: 'https://did.example.com/mcp',
      DID_MCP_TOKENS_FILE: '/etc/did-mcp/tokens.json',
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
      toolsets: ['e911', 'account'],
      http: {
        publicUrl: new URL('https://did.example.com'),
        oauth: { issuer: 'https://login.example.com/realms/did', audience: 'https://did.example.com/mcp' },
        tokensFile: '/etc/did-mcp/tokens.json',
      },
    })
    expect(policy.current()).toEqual({
      ...builtIn,
      effects: { ...builtIn.effects, destroy: 'deny' },
      confirmation: { ...builtIn.confirmation, mode: 'human' },
    })
    const hide = hiderOf({ policy, ...config })
    const secrets = ['marked-secret', 'postgresql://ann:p%40ss@db.example:5432/did', 'p@ss']
    expect(secrets.map(hide)).toEqual(secrets.map(() => '[redacted]'))
    expect(hide(`Basic ${Buffer.from('ann:marked-secret').toString('base64')}`)).toBe('Basic [redacted]')
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
    const own = write('policy.json', '{"confirmation":{"mode":"human"}}')
    const { policy } = read({ DID_MCP_POLICY: own, DID_MCP_CONFIRMATION: 'auto' })
    expect(policy.current().confirmation.mode).toBe('human')
  })
})

describe('the database’s password in a file', () => {
  const url = 'postgresql://ann@db.example:5432/did'
  const file = () => write('password', 'p@ss /?#[]%:\n')

  test('stands in the address, encoded, and is hidden like the others', () => {
    const config = read({ DID_MCP_DATABASE_URL: url, DID_MCP_DATABASE_PASSWORD_FILE: file() })
    expect(decodeURIComponent(new URL(config.databaseUrl ?? '').password)).toBe('p@ss /?#[]%:')
    expect(hiderOf(config)('it was p@ss /?#[]%: then')).toBe('it was [redacted] then')
  })

  test.each([
    [{}, 'DID_MCP_DATABASE_PASSWORD_FILE is set without DID_MCP_DATABASE_URL: it names no database'],
    [
      { DID_MCP_DATABASE_URL: 'postgresql://ann:other@db.example/did' },
      'DID_MCP_DATABASE_URL holds a password beside DID_MCP_DATABASE_PASSWORD_FILE: leave one of them out',
    ],
  ])('%j beside it is an error', (env, problem) => {
    expect(judge({ ...env, DID_MCP_DATABASE_PASSWORD_FILE: file() })).toEqual({ problems: [problem] })
  })
})

test('read only denies whatever writes, whatever the policy allows, and nothing that reads', () => {
  const own = write('policy.json', '{"tools":{"releaseDID":"allow"},"effects":{"hold":"allow"}}')
  const policy = read({ DID_MCP_POLICY: own, DID_MCP_READ_ONLY: '1' }).policy.current()
  const allowed = tools.filter((tool) => ruleFor(policy, tool) !== 'deny')
  expect(allowed).toEqual(tools.filter(({ effect }) => effect === 'read'))
  expect(read({ DID_MCP_READ_ONLY: '0' }).policy.current()).toEqual(builtIn)
})

describe('the secret in a file', () => {
  const fromFile = (content: string | Buffer) =>
    judge({ DID_MCP_LOGIN: 'ann', DID_MCP_SECRET_FILE: write('secret', content) })

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
    expect(fromFile(content)).toEqual({ problems: [`DID_MCP_SECRET_FILE ${path('secret')}: ${problem}`] })
  })

  test('256 bytes are a secret', () => {
    const answer = fromFile(`${'x'.repeat(256)}\r\n`)
    expect('config' in answer && answer.config.carrier?.secret).toBe('x'.repeat(256))
  })

  test.each([
    ['/tmp', 'it is a folder'],
    ['/dev/zero', 'it is larger than 258 bytes'],
  ])('%s', (file, problem) => {
    const answer = judge({ DID_MCP_LOGIN: 'ann', DID_MCP_SECRET_FILE: file })
    expect(answer).toEqual({ problems: [`DID_MCP_SECRET_FILE ${file}: ${problem}`] })
  })

  test.each(['marked-secret', '/marked-secret', '/etc/hostname/marked-secret', `marked-secret${'x'.repeat(5000)}`])(
    'nothing at %s: it may be the secret itself, and is not shown',
    (file) => {
      const answer = judge({ DID_MCP_LOGIN: 'ann', DID_MCP_SECRET_FILE: file })
      expect(answer).toEqual({
        problems: [
          expect.stringMatching(
            /^DID_MCP_SECRET_FILE \(not shown: it must be the path of a file, and may be the secret itself\): (?!.*marked)/,
          ),
        ],
      })
    },
  )
})

test('the password of a file reaches a database on a Unix socket too', () => {
  const file = join(temporaryFolder(), 'password')
  writeFileSync(file, 'p@ss\n')
  const url = 'postgres:///journal?host=/var/run/postgresql'
  const { databaseUrl } = read({ DID_MCP_DATABASE_URL: url, DID_MCP_DATABASE_PASSWORD_FILE: file })
  expect(parsePostgresUrl(databaseUrl ?? '')).toMatchObject({ host: '/var/run/postgresql', password: 'p@ss' })
})

describe('a proxy', () => {
  const live = { DID_MCP_LOGIN: 'me', DID_MCP_SECRET: 's3cret', DID_MCP_ENDPOINT: 'https://carrier.example/api.asmx' }

  test('is the one of DID_MCP_PROXY alone, not on the way to loopback, and its password is in no text', () => {
    const DID_MCP_PROXY = 'http://user:p%40ss%2Fword@proxy.example:3128'
    const config = read({ ...live, DID_MCP_PROXY })
    expect(config.carrier?.proxy?.host).toBe('proxy.example:3128')
    const sent = Buffer.from('user:p@ss/word').toString('base64')
    expect(hiderOf(config)(`p@ss/word, p%40ss%2Fword, ${sent}`)).not.toMatch(/ss.{1,3}word|dXNlcjp/)
    expect(read({ ...live, HTTPS_PROXY: DID_MCP_PROXY, ALL_PROXY: DID_MCP_PROXY }).carrier?.proxy).toBeUndefined()
    const local = { ...live, DID_MCP_ENDPOINT: 'https://localhost:8443/api.asmx', DID_MCP_PROXY }
    expect(read(local).carrier?.proxy).toBeUndefined()
  })

  test.each([
    ['https://proxy.example', /^DID_MCP_PROXY must be the address of an HTTP proxy/],
    ['http://proxy.example/path', /^DID_MCP_PROXY must be the address of an HTTP proxy/],
    ['proxy.example:3128', /^DID_MCP_PROXY must be the address of an HTTP proxy/],
    ['http://user:s3@cret@proxy.example', /^DID_MCP_PROXY must hold its user and password percent-encoded/],
    ['http://user:%ff@proxy.example', /^DID_MCP_PROXY must hold its user and password percent-encoded/],
  ])('%s is none', (DID_MCP_PROXY, problem) => {
    const judged = judge({ ...live, DID_MCP_PROXY })
    expect(judged).toEqual({ problems: [expect.stringMatching(problem)] })
    expect(JSON.stringify(judged)).not.toContain('cret')
  })
})
