import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hasJournal, nameOf, withJournal } from '../../src/app/open-journal.ts'
import { JournalUnavailable } from '../../src/journal/journal.ts'
import { openSqliteJournal } from '../../src/journal/sqlite/sqlite.ts'
import { temporaryFolder } from '../support/folder.ts'
import { testTerminal } from '../support/terminal.ts'

/** A command that tells which journal it was given. */
async function run(env: Record<string, string>) {
  const terminal = testTerminal()
  const told: string[] = []
  const command = async (_journal: unknown, name: string) => {
    told.push(name)
    return 0
  }
  const code = await withJournal(env, command, terminal)
  return { code, told, said: [...terminal.lines, ...terminal.failed] }
}

async function begun(): Promise<string> {
  const folder = join(temporaryFolder(), 'state')
  await (await openSqliteJournal({ folder })).close()
  return folder
}

describe('a command over the journal', () => {
  test.each<[string, Record<string, string>]>([
    ['a login without its secret', { DID_MCP_LOGIN: 'me' }],
    ['a secret that cannot be read', { DID_MCP_LOGIN: 'me', DID_MCP_SECRET_FILE: '/nowhere/secret' }],
    ['a policy that is not there', { DID_MCP_POLICY: '/nowhere/policy.json' }],
    ['a value that is none', { DID_MCP_CONCURRENCY: 'many' }],
  ])('is stopped by nothing that it does not need: %s', async (_, env) => {
    const folder = await begun()
    expect(await run({ ...env, DID_MCP_STATE_DIR: folder })).toEqual({ code: 0, told: [folder], said: [] })
  })

  test('is stopped by what it needs, and by a name that may be a misspelt one', async () => {
    const env = { DID_MCP_STATE_DIR: 'state', DID_MCP_DATABASE_URL: 'mysql://x', DID_MCP_STATEDIR: '/state' }
    const { code, told, said } = await run(env)
    expect({ code, told }).toEqual({ code: 2, told: [] })
    expect(said.join('\n').split('\n')).toEqual([
      'did-mcp cannot start:',
      '- DID_MCP_STATE_DIR must be an absolute path, but is "state"',
      '- DID_MCP_DATABASE_URL must be a PostgreSQL address, like postgresql://user:password@host:5432/database, its password percent-encoded (@ is %40, / is %2F, # is %23, ? is %3F)',
      '- DID_MCP_STATEDIR is not a variable of did-mcp: did you mean DID_MCP_STATE_DIR?',
    ])
  })

  test('without a journal is over one that holds nothing', async () => {
    const folder = join(temporaryFolder(), 'state')
    expect(await run({ DID_MCP_STATE_DIR: folder })).toEqual({ code: 0, told: [`none yet in ${folder}`], said: [] })
    expect(existsSync(folder)).toBe(false)
  })
})

describe('a journal that cannot be looked at is not taken for none', () => {
  test.each<[string, (folder: string) => void]>([
    ['a file stands in the way', (folder) => writeFileSync(folder, '')],
    ['a link goes round in circles', (folder) => symlinkSync(folder, folder)],
  ])('%s', async (_, spoil) => {
    const folder = join(temporaryFolder(), 'state')
    spoil(folder)
    expect(hasJournal({ stateDir: folder, databaseUrl: undefined })).toBe(true)
    const opening = run({ DID_MCP_STATE_DIR: folder })
    await expect(opening).rejects.toThrow(JournalUnavailable)
    await expect(opening).rejects.toThrow(`The journal cannot lie at ${folder}: `)
  })

  // Nothing is closed to root.
  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('its folder is closed', async () => {
    const folder = temporaryFolder()
    const state = join(folder, 'state')
    mkdirSync(state)
    chmodSync(folder, 0o000)
    try {
      await expect(run({ DID_MCP_STATE_DIR: state })).rejects.toThrow(`The journal cannot lie at ${state}: `)
    } finally {
      chmodSync(folder, 0o700)
    }
  })
})

test.each([
  [undefined, '/state'],
  ['postgres://ann:MARKED-s3cret@db.example/journal', 'PostgreSQL at db.example:5432, database journal'],
  ['postgres:///did%20mcp?host=/var/run/postgresql', 'PostgreSQL at /var/run/postgresql:5432, database did mcp'],
])('a journal is named without its password: %s', (databaseUrl, name) => {
  expect(nameOf({ databaseUrl, stateDir: '/state' })).toBe(name)
})
