import { describe, expect, test } from 'vitest'
import { judgeDatabase } from '../../src/doctor/check-postgres.ts'
import { openPostgresJournal } from '../../src/journal/postgres/postgres.ts'
import { databaseUrl } from '../journal/support/engines.ts'

const url = 'postgres://ann:s3cret@db.example:5432/team'
const encode = '@ is %40, / is %2F, # is %23, ? is %3F'

/** As the journal says it. */
const message = (words: string) =>
  `The journal's database at db.example:5432 failed (${words}). Nothing is sent to the carrier meanwhile. Bring it back.`

describe('a database that cannot be used', () => {
  test.each<[string, string, string?]>([
    [
      'database "nodb" does not exist',
      "Check the name at the end of DID_MCP_DATABASE_URL. If it is right, the server's administrator makes it:",
      'create database "nodb"',
    ],
    ['role "ann" does not exist', "Check the user in DID_MCP_DATABASE_URL. The server's administrator makes roles."],
    [
      'password authentication failed for user "ann"',
      `Check user and password in DID_MCP_DATABASE_URL. The password is percent-encoded there: ${encode}.`,
    ],
    [
      'no pg_hba.conf entry for host "192.0.2.1", user "ann", database "team", no encryption',
      "The server's administrator lets this user in from this address, in its pg_hba.conf.",
    ],
    [
      'permission denied for database team',
      'It keeps to a schema of its own, which the administrator of the database makes for it:',
      'create schema did_mcp authorization "ann"',
    ],
    [
      'permission denied for schema did_mcp',
      "The schema did_mcp is another role's. That one, or the administrator of the database, lets this one in:",
      'grant usage, create on schema did_mcp to "ann"; grant all on all tables in schema did_mcp to "ann"',
    ],
    [
      'connect ECONNREFUSED 192.0.2.1:5432',
      'Nothing listens there: check host and port in DID_MCP_DATABASE_URL, and whether PostgreSQL runs.',
    ],
    ['getaddrinfo ENOTFOUND db.example', 'There is no such host: check it in DID_MCP_DATABASE_URL, and the network.'],
    [
      'timeout expired',
      'Nobody answers there: check host and port in DID_MCP_DATABASE_URL. A firewall may be in the way.',
    ],
    [
      'The server does not support SSL connections',
      'Off loopback only TLS is spoken: it has to be switched on at the server (ssl = on).',
    ],
    [
      'self-signed certificate in certificate chain',
      'If its CA is your own, name its file in DID_MCP_DATABASE_URL: ?sslrootcert=/path/ca.pem',
    ],
    // In whatever language the server speaks.
    ['Datenbank »nodb« existiert nicht', 'Check DID_MCP_DATABASE_URL.'],
  ])('%s', (words, next, run) => {
    expect(judgeDatabase(message(words), url)).toEqual({
      verdict: 'failed',
      what: `The journal's database at db.example:5432 failed: ${words}`,
      next,
      ...(run && { run }),
    })
  })

  test('a role is written as SQL has it', () => {
    const denied = message('permission denied for database team')
    const run = (user: string) => judgeDatabase(denied, `postgres://${user}db.example/team`).run
    expect(run('a%22n%20n@')).toBe('create schema did_mcp authorization "a""n n"')
    expect(run('')).toBe('create schema did_mcp authorization ROLE')
  })

  test('what says itself what to do is left as it is', () => {
    for (const words of [
      'The journal was written by a newer did-mcp (schema 2; this one knows 1).',
      'DID_MCP_DATABASE_URL cannot be used: sslmode=x is unknown. Nothing was changed.',
    ]) {
      expect(judgeDatabase(words, url)).toEqual({ verdict: 'failed', what: words })
    }
  })
})

test.skipIf(databaseUrl === undefined)('the journal says it as it is taken apart here', async () => {
  const none = new URL(databaseUrl ?? '')
  none.pathname = '/did_mcp_no_such_database'
  const said = await openPostgresJournal({ url: none.href }).then(
    () => '',
    (error: Error) => error.message,
  )
  expect(judgeDatabase(said, none.href)).toMatchObject({
    what: expect.stringMatching(/^The journal's database at \S+ failed: .*"did_mcp_no_such_database"/),
    run: 'create database "did_mcp_no_such_database"',
  })
})
