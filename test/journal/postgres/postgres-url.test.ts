import { describe, expect, test } from 'vitest'
import { JournalUnavailable } from '../../../src/journal/journal.ts'
import { parsePostgresUrl, withoutPassword } from '../../../src/journal/postgres/postgres-url.ts'

describe('the address of a PostgreSQL journal', () => {
  const verified = { rejectUnauthorized: true }
  test.each([
    ['postgres://db.example/journal', 'db.example', verified],
    ['postgres://db.example/journal?sslmode=prefer', 'db.example', verified],
    ['postgres://db.example/journal?sslmode=require', 'db.example', verified],
    ['postgres://db.example/journal?sslmode=verify-full', 'db.example', verified],
    ['postgres://127.0.0.1/journal', '127.0.0.1', false],
    ['postgres://localhost/journal?sslmode=prefer', 'localhost', false],
    ['postgres://[::1]/journal', '::1', false],
    ['postgres://localhost/journal?sslmode=verify-full', 'localhost', verified],
    ['postgres://localhost/journal?sslmode=no-verify', 'localhost', { rejectUnauthorized: false }],
    ['postgres:///journal?host=/var/run/postgresql', '/var/run/postgresql', false],
    ['postgres://127.0.0.1/journal?host=db.example', 'db.example', verified],
    // Looks near and is not.
    ['postgres://127.0.0.1.example/journal', '127.0.0.1.example', verified],
    ['postgres://localhost.example/journal', 'localhost.example', verified],
  ])('%s: TLS as it must be', (url, host, ssl) => {
    expect(parsePostgresUrl(url)).toStrictEqual({ host, port: 5432, database: 'journal', ssl })
  })

  test('holds user, password and port as they are meant', () => {
    expect(parsePostgresUrl('postgresql://an%40n:p%2Fw@localhost:6543/my%20db')).toStrictEqual({
      host: 'localhost',
      port: 6543,
      database: 'my db',
      ssl: false,
      user: 'an@n',
      password: 'p/w',
    })
  })

  test.each([
    ['mysql://ann:hunter2@localhost/x', 'it is not of the form'],
    ['hunter2', 'it is not of the form'],
    ['postgres://ann:hunter2@db.example/', 'it names no database'],
    ['postgres://ann:hunter2@db.example/x?sslmode=disable', 'sslmode=disable would trust any server'],
    ['postgres://ann:hunter2@db.example/x?sslmode=no-verify', 'sslmode=no-verify would trust any server'],
    ['postgres://ann:hunter2@db.example/x?sslmode=sometimes', 'sslmode=sometimes is unknown'],
    ['postgres://ann:hunter2@db.example/x?ssl=0', 'it has the unknown parameter ssl'],
    ['postgres://ann:hunter2@db.example/x?sslrootcert=/nowhere.pem', 'sslrootcert cannot be read: /nowhere.pem'],
  ])('%s is refused, without its password', (url, why) => {
    const parse = () => parsePostgresUrl(url)
    expect(parse).toThrow(JournalUnavailable)
    expect(parse).toThrow(why)
    expect(parse).not.toThrow('hunter2')
  })

  test('a password is taken out of whatever is said', () => {
    const url = 'postgres://ann:p%2Fw@localhost/x'
    expect(withoutPassword(`cannot reach ${url} with p/w`, url)).toBe(
      'cannot reach postgres://ann:***@localhost/x with ***',
    )
    expect(withoutPassword('an a@t in p@ss', 'postgres://ann:p@ss@localhost/x')).toBe('an a@t in ***')
    expect(withoutPassword('as it is', 'postgres://localhost/x')).toBe('as it is')
  })
})
