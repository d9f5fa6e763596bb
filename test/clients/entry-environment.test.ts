import { describe, expect, test } from 'vitest'
import { clientEnvironment as environmentFor } from '../../src/clients/entry-environment.ts'

const clientEnvironment = (here: Parameters<typeof environmentFor>[0]) =>
  environmentFor(here, (folder) => (folder === '/home/ann' ? ['secret'] : []))

const secret = 'MARKED-s3cret'

const login = 'YOUR-API-USER'
const file = '/FULL/PATH/TO/A/FILE/WITH/THE/SECRET'
const notShown = (names: string) => `${names}: what opens the account is not shown`
const database =
  'DID_MCP_DATABASE_URL: it may hold a password, so it is not shown. Add it to "env" yourself: without it the server ' +
  'that this client starts keeps a journal of its own, in SQLite'

describe('what is set here goes into the entry', () => {
  test.each<[string, Record<string, string>, Record<string, string>]>([
    ['nothing: that is the sandbox', {}, {}],
    ['empty texts count as nothing', { DID_MCP_LOGIN: '', DID_MCP_POLICY: '' }, {}],
    ['what concerns the sandbox too', { DID_MCP_LOG_LEVEL: 'debug' }, { DID_MCP_LOG_LEVEL: 'debug' }],
    ['however it is written', { DID_MCP_QUIET_SECONDS: '007' }, { DID_MCP_QUIET_SECONDS: '007' }],
    [
      'an endpoint is of an account',
      { DID_MCP_ENDPOINT: 'https://carrier.example/api' },
      { DID_MCP_LOGIN: login, DID_MCP_SECRET_FILE: file, DID_MCP_ENDPOINT: 'https://carrier.example/api' },
    ],
    [
      'the path of the secret',
      { DID_MCP_SECRET_FILE: '/home/ann/secret' },
      { DID_MCP_LOGIN: login, DID_MCP_SECRET_FILE: '/home/ann/secret' },
    ],
  ])('%s', (_, here, env) => {
    expect(clientEnvironment(here)).toEqual({ env, left: [] })
  })
})

describe('what is set here and does not is told, with the reason', () => {
  test('what opens the account, and the database, without which a client would keep a journal apart', () => {
    const here = { DID_MCP_LOGIN: 'ann', DID_MCP_SECRET: secret, DID_MCP_DATABASE_URL: `postgres://ann:${secret}@db/x` }
    expect(clientEnvironment(here)).toEqual({
      env: { DID_MCP_LOGIN: login, DID_MCP_SECRET_FILE: file },
      left: [notShown('DID_MCP_LOGIN, DID_MCP_SECRET'), database],
    })
    const { DID_MCP_DATABASE_URL } = here
    expect(clientEnvironment({ DID_MCP_DATABASE_URL })).toEqual({ env: {}, left: [database] })
  })

  test('what is wrong', () => {
    const { env, left } = clientEnvironment({
      DID_MCP_LOGIN: 'ann',
      DID_MCP_SECRET_FILE: '/home/ann/secret',
      DID_MCP_ENDPOINT: 'http://carrier.example/api',
      DID_MCP_POLICY: 'policy.json',
      DID_MCP_DATABASE_URL: `mysql://ann:${secret}@db/x`,
      DID_MCP_TIMEOUT_MS: 'abc',
      DID_MCP_POLICIES: '/policy.json',
    })
    expect(env).toEqual({ DID_MCP_LOGIN: login, DID_MCP_SECRET_FILE: '/home/ann/secret' })
    expect(left.map((line) => line.slice(0, 60))).toEqual([
      'DID_MCP_LOGIN: what opens the account is not shown',
      'DID_MCP_ENDPOINT must begin with https:// (http:// is for lo',
      'DID_MCP_POLICY must be an absolute path, but is "policy.json',
      'DID_MCP_DATABASE_URL must be a PostgreSQL address, like post',
      'DID_MCP_TIMEOUT_MS must be a whole number from 100 to 900000',
      'DID_MCP_POLICIES is not a variable of did-mcp: did you mean ',
    ])
    expect(left.join()).not.toContain(secret)
  })

  // Who takes the variable for the secret itself is not told on.
  test.each([
    [`/${secret}`, 'names no file: it must be the path of one, and not the secret itself'],
    [secret, 'is a relative path, and a client starts in another folder: write the full path'],
    [`~/${secret}`, 'begins with ~, which is not expanded: write the full path'],
  ])('a path of the secret that only works here, which is not shown: %s', (path, why) => {
    expect(clientEnvironment({ DID_MCP_SECRET_FILE: path })).toEqual({
      env: { DID_MCP_LOGIN: login, DID_MCP_SECRET_FILE: file },
      left: [`DID_MCP_SECRET_FILE ${why}`],
    })
  })
})
