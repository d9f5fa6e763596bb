import { describe, expect, test } from 'vitest'
import { variableTable } from '../../src/config/variables.ts'
import { tools } from '../policy/support/tools.ts'
import { ownMachine } from './support/machine.ts'

const { write, judge } = ownMachine()
const live = { DID_MCP_LOGIN: 'ann', DID_MCP_SECRET: 'marked-secret' }

describe('what is wrong', () => {
  const toSandbox = (name: string) => `or unset ${name} to use the embedded sandbox`

  const notEncoded =
    'DID_MCP_DATABASE_URL must hold its password percent-encoded as UTF-8: @ is %40, / is %2F, # is %23, ? is %3F, % itself is %25'

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
    [
      { DID_MCP_PUBLIC_URL: 'https://did.example.com/mcp' },
      'DID_MCP_PUBLIC_URL must be an address without path, user or query, in lower case, like https://did.example.com, but is "https://did.example.com/mcp"',
    ],
    [
      { DID_MCP_PUBLIC_URL: 'http://did.example.com' },
      'DID_MCP_PUBLIC_URL must begin with https:// (http:// is for loopback hosts alone), but is "http://did.example.com"',
    ],
    [
      { DID_MCP_OAUTH_ISSUER: 'http://login.example.com', DID_MCP_OAUTH_AUDIENCE: 'did' },
      'DID_MCP_OAUTH_ISSUER must begin with https:// (http:// is for loopback hosts alone), but is "http://login.example.com"',
    ],
    [
      { DID_MCP_OAUTH_ISSUER: 'https://login.example.com' },
      'DID_MCP_OAUTH_ISSUER is set without DID_MCP_OAUTH_AUDIENCE: a token is taken for one issuer and one audience',
    ],
    [{ DID_MCP_TOKENS_FILE: 'tokens.json' }, 'DID_MCP_TOKENS_FILE must be an absolute path, but is "tokens.json"'],
    [{ DID_MCP_RETENTION_DAYS: '0' }, 'DID_MCP_RETENTION_DAYS must be a whole number from 1 to 36500, but is "0"'],
    [
      { DID_MCP_STATE_DIR: '<a folder>' },
      'DID_MCP_STATE_DIR is a placeholder that nobody filled in: give it a value, or leave it out',
    ],
    [
      { DID_MCP_TOOLSETS: 'e911,cname' },
      'DID_MCP_TOOLSETS must be of e911, cnam, routing, account, comma-separated, but is "e911,cname"',
    ],
    [
      { DID_MCP_DATABASE_URL: 'mysql://ann:marked-secret@db/did' },
      'DID_MCP_DATABASE_URL must be a PostgreSQL address, like postgresql://user:password@host:5432/database, its password percent-encoded (@ is %40, / is %2F, # is %23, ? is %3F)',
    ],
    ...['%', '50%', '%zz', '%ff', '%c3%28', 'p@ss/word', 'p@ss', '12#ss', '12/ss', '12?ss'].map(
      (password): [Record<string, string>, string] => [
        { DID_MCP_DATABASE_URL: `postgresql://ann:${password}@db/did` },
        notEncoded,
      ],
    ),
    ...['', '/', '/?sslmode=require'].map((end): [Record<string, string>, string] => [
      { DID_MCP_DATABASE_URL: `postgresql://ann:s3cret@db:5432${end}` },
      'DID_MCP_DATABASE_URL must name the database at its end, like postgresql://user:password@host:5432/database',
    ]),
    [{ DID_MCP_POLCY: '/etc/p.json' }, 'DID_MCP_POLCY is not a variable of did-mcp: did you mean DID_MCP_POLICY?'],
    [
      { DID_MCP_FOO: 'x' },
      `DID_MCP_FOO is not a variable of did-mcp: there are ${variableTable()
        .map(({ name }) => name)
        .join(', ')}`,
    ],
    [{ did_mcp_secret: 'x' }, 'did_mcp_secret is not a variable of did-mcp: did you mean DID_MCP_SECRET?'],
  ])('%j', (env, problem) => {
    expect(judge(env)).toEqual({ problems: [problem] })
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
    const answer = judge({ ...live, DID_MCP_ENDPOINT: endpoint })
    expect(answer).toEqual({ problems: [`DID_MCP_ENDPOINT ${problem}`] })
  })

  test('everything at once, and no secret in any of it', () => {
    const system = write('system.json', '{"effects":{"hold":"never"}')
    const own = write('policy.json', '{"limit":{},"tools":{"burnDID":"deny"}}')
    const answer = judge(
      {
        DID_MCP_SECRET: 'marked-secret',
        DID_MCP_SECRET_FILE: 'marked-secret',
        DID_MCP_ENDPOINT: 'http://ann:marked-secret@carrier.example/x',
        DID_MCP_DATABASE_URL: 'marked-secret',
        DID_MCP_POLICY: own,
        DID_MCP_CONCURRENCY: 'many',
        DID_MCP_SECRT: 'marked-secret',
      },
      { stateDir: 'relative' },
    )
    expect(answer).toEqual({
      problems: [
        'DID_MCP_ENDPOINT must not hold a user or password: set DID_MCP_LOGIN and DID_MCP_SECRET',
        'DID_MCP_DATABASE_URL must be a PostgreSQL address, like postgresql://user:password@host:5432/database, its password percent-encoded (@ is %40, / is %2F, # is %23, ? is %3F)',
        'DID_MCP_CONCURRENCY must be a whole number from 1 to 64, but is "many"',
        'DID_MCP_SECRT is not a variable of did-mcp: did you mean DID_MCP_SECRET?',
        'DID_MCP_SECRET and DID_MCP_SECRET_FILE are both set: unset one of them',
        'DID_MCP_SECRET is set without DID_MCP_LOGIN: set DID_MCP_LOGIN, or unset DID_MCP_SECRET to use the embedded sandbox',
        'DID_MCP_SECRET_FILE (not shown: it must be the path of a file, and may be the secret itself): there is no such file',
        `DID_MCP_POLICY ${own}: unknown key limit (known here: $schema, effects, tools, confirmation, limits, protected, endpointGroups, forwardTo, tiers, minimumBalance)`,
        `DID_MCP_POLICY ${own}: unknown tool tools.burnDID (known: ${tools.map((tool) => tool.name).join(', ')})`,
        `system policy ${system}: it is not JSON (line 1, column 28)`,
        "The platform's state folder relative is no absolute path: set DID_MCP_STATE_DIR to one",
      ],
    })
    expect(JSON.stringify(answer)).not.toContain('marked-secret')
  })

  test('a policy that is no JSON is not quoted: it may be a secret, given by mistake', () => {
    const own = write('policy.json', 'marked-secret')
    expect(judge({ DID_MCP_POLICY: own })).toEqual({ problems: [`DID_MCP_POLICY ${own}: it is not JSON`] })
  })
})

const unexpanded = (name: string) => ['$', `{${name}}`].join('')

test.each([
  unexpanded('DID_MCP_LOGIN'),
  unexpanded('input:login'),
  '<your login>',
  ` ${unexpanded('DID_MCP_LOGIN')} `,
  '%DID_MCP_LOGIN%',
])('a login that is the placeholder %s starts no live account, and every problem is named', (login) => {
  const answer = judge({ DID_MCP_LOGIN: login, DID_MCP_SECRET: unexpanded('DID_MCP_SECRET') })
  const problem = (name: string) => `${name} is a placeholder that nobody filled in: give it a value, or leave it out`
  expect(answer).toEqual({ problems: [problem('DID_MCP_LOGIN'), problem('DID_MCP_SECRET')] })
})
