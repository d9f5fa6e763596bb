import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ClientName } from '../../src/clients/clients.ts'
import { clients } from '../../src/clients/known-clients.ts'
import { thisMachine } from '../../src/config/machine.ts'
import type { Finding } from '../../src/doctor/check.ts'
import { readClientFile } from '../../src/doctor/client-file.ts'
import { temporaryFolder } from '../support/folder.ts'

const secret = 'MARKED-s3cret'

/** What a client reads of a file with this text, which is called FILE. */
async function read(client: ClientName, text: string) {
  const file = join(temporaryFolder(), 'config.json')
  writeFileSync(file, text)
  const { json, finding } = await readClientFile(clients[client], file, thisMachine())
  return { json, finding: finding && { ...finding, what: finding.what.replaceAll(file, 'FILE') } }
}

const entries = { mcpServers: { did: { command: 'did-mcp' } } }
const plain = JSON.stringify(entries, null, 2)
const comment = plain.replace('{\n', '{\n  // ours\n')
const comma = plain.replace('"did-mcp"', '"did-mcp",')
const mark = `\uFEFF${plain}`

describe('what is JSON is read', () => {
  test.each<[ClientName, string, string]>([
    ['claude-desktop', 'plain', plain],
    ['claude-code', 'plain', plain],
    ['claude-code', 'after a byte order mark', mark],
    ['cursor', 'plain', plain],
    ['vscode', 'plain', plain],
    ['vscode', 'with a comment', comment],
    ['vscode', 'with a comma too many', comma],
    ['vscode', 'after a byte order mark', mark],
  ])('by %s, %s', async (client, _, text) => {
    expect(await read(client, text)).toEqual({ json: entries, finding: undefined })
  })
})

describe('what its client would not read is said, with the place', () => {
  const refused = (what: string, title: string, next = 'Take it out.'): Finding => ({
    verdict: 'failed',
    what: `FILE ${what}, and ${title} reads strict JSON, so it reads nothing of it`,
    next,
  })
  test.each<[ClientName, string, Finding]>([
    ['claude-desktop', comment, refused('has a comment (line 2, column 3)', 'Claude Desktop')],
    ['claude-code', comment, refused('has a comment (line 2, column 3)', 'Claude Code')],
    ['claude-desktop', comma, refused('has a comma too many (line 4, column 27)', 'Claude Desktop')],
    ['claude-code', comma, refused('has a comma too many (line 4, column 27)', 'Claude Code')],
    [
      'claude-desktop',
      mark,
      refused(
        'begins with a byte order mark (line 1, column 1)',
        'Claude Desktop',
        'Save it as UTF-8 without one (BOM).',
      ),
    ],
    ['claude-desktop', `// ours\n{"a" 1}`, refused('has a comment (line 1, column 1)', 'Claude Desktop')],
  ])('%s, %j', async (client, text, finding) => {
    expect(await read(client, text)).toEqual({ json: undefined, finding })
  })
})

// Some say that Cursor reads comments, others that it refused their file; nothing of its makers' says either.
test.each([
  [comment, 'has a comment (line 2, column 3)'],
  [comma, 'has a comma too many (line 4, column 27)'],
])('of Cursor nobody could tell: the entry is looked at, with a warning: %j', async (text, what) => {
  expect(await read('cursor', text)).toEqual({
    json: entries,
    finding: { verdict: 'warning', what: `FILE ${what}, and Cursor may read nothing of it`, next: 'Take it out.' },
  })
})

test.each([
  ['claude-desktop', `{\n  "mcpServers": ${secret}\n}`, 'line 2, column 17'],
  ['claude-desktop', `{\n  "mcpServers": {} // ${secret}\n  "x": 1,\n`, 'line 2, column 20'],
  ['vscode', `{\n  "servers": {} // ${secret}\n  "x": 1,\n`, 'line 3, column 3'],
] as const)('what is no JSON at all is never quoted: %s, %j', async (client, text, place) => {
  const { finding } = await read(client, text)
  expect(finding?.verdict).toBe('failed')
  expect(finding?.what).toContain(`(${place})`)
  expect(JSON.stringify(finding)).not.toContain(secret)
})

test('a real mistake is looked for at its place', async () => {
  expect((await read('claude-code', '{\n  "a": 1\n  "b": 2\n}')).finding).toEqual({
    verdict: 'failed',
    what: 'FILE is not JSON (line 3, column 3), so Claude Code reads nothing of it',
    next: 'Look for a missing comma, quote or bracket there.',
  })
})

test('a file that cannot be read', async () => {
  const folder = join(temporaryFolder(), 'config.json')
  mkdirSync(folder)
  expect((await readClientFile(clients.cursor, folder, thisMachine())).finding).toEqual({
    verdict: 'failed',
    what: `${folder}: it is a folder, so Cursor reads nothing of it`,
  })
})

describe('TOML, as Codex has it', () => {
  const toml = '[mcp_servers.did]\ncommand = "node"\nargs = ["/opt/main.js"] # ours\n'
  test('is read', async () => {
    const did = { command: 'node', args: ['/opt/main.js'] }
    expect(await read('codex', toml)).toEqual({ json: { mcp_servers: { did } }, finding: undefined })
  })

  test('with a mistake is said with the place, and never quoted', async () => {
    const { finding } = await read('codex', `[mcp_servers.did]\ncommand = ${secret}\n`)
    expect(finding).toEqual({
      verdict: 'failed',
      what: expect.stringMatching(/^FILE is not TOML \(line 2, column \d+\), so Codex reads nothing of it$/),
      next: 'Look for a missing quote or bracket there.',
    })
  })
})

test.each<[ClientName, string]>([
  ['claude-desktop', '{ "mcpServers": { "did": { "command": "C:\\Program Files\\nodejs\\node.exe" } } }'],
  ['vscode', '{ "servers": { "did": { "command": "node", "args": ["D:\\did-mcp\\dist\\main.js"] } } }'],
  ['codex', '[mcp_servers.did]\ncommand = "C:\\Program Files\\nodejs\\node.exe"\n'],
])('a path of Windows with single backslashes is named as that: %s', async (client, text) => {
  const { finding } = await read(client, text)
  expect(finding?.verdict).toBe('failed')
  expect(finding?.next).toMatch(/^A path of Windows stands there with single backslashes/)
})
