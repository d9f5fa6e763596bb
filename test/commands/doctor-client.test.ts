import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { type ClientName, placeholders, type System } from '../../src/clients/clients.ts'
import { doctor } from '../../src/commands/doctor.ts'
import { thisMachine } from '../../src/config/machine.ts'
import type { Finding } from '../../src/doctor/check.ts'
import { temporaryFolder } from '../support/folder.ts'
import { testTerminal } from '../support/terminal.ts'

const program = join(process.cwd(), 'dist/main.js')
const node = process.execPath
const secret = 'MARKED-s3cret'
const desktop = '.config/Claude/claude_desktop_config.json'

test('an entry as did-mcp config prints it: started for its version, and looked at with its own variables', async () => {
  const entry = { command: node, args: [program], env: { DID_MCP_LOG_LEVEL: 'warn' } }
  const { code, lines } = await look('claude-desktop', {
    [desktop]: { mcpServers: { other: { url: 'x' }, did: entry } },
  })
  expect(lines.slice(0, 4)).toEqual([
    `ok client: HOME/${desktop}, entry "did"`,
    `ok command: ${node} ${program}`,
    'ok variables: the entry sets DID_MCP_LOG_LEVEL',
    // The built program has the version of package.json; a test's own is another.
    expect.stringMatching(`^warning launch: its command finds did-mcp \\d+\\.\\d+\\.\\d+, on Node ${process.version}$`),
  ])
  expect(lines).toContain('ok soap: the service answers')
  expect(code).toBe(0)
})

test('no file, and no entry: where it was looked for, and what prints one', async () => {
  expect((await look('cursor', {})).lines).toEqual([
    'failed client: Cursor has no configuration here: HOME/.cursor/mcp.json, HOME/work/.cursor/mcp.json',
    'skipped command: needs client, which did not succeed',
    'skipped variables: needs client, which did not succeed',
    'skipped launch: needs command, which did not succeed',
  ])
  const { code, lines, runs } = await look('cursor', {
    '.cursor/mcp.json': { mcpServers: { other: { command: 'x' } } },
  })
  expect(code).toBe(1)
  expect(lines[0]).toBe('failed client: no entry under "mcpServers" launches did-mcp: HOME/.cursor/mcp.json')
  // Nobody has a command did-mcp from a clone: what is printed runs as it stands.
  expect(runs).toEqual([`${node} ${program} config cursor`])
})

test('relative paths, a bare command, plain secrets, numbers and placeholders are each named', async () => {
  const env = {
    DID_MCP_LOGIN: 'me',
    DID_MCP_SECRET: secret,
    DID_MCP_DATABASE_URL: `postgres://ann:${secret}@db/x`,
    DID_MCP_CONCURRENCY: 4,
    DID_MCP_POLICY: `\${HOME}/policy.json`,
  }
  const entry = { command: 'node', args: ['did-mcp/dist/main.js'], env }
  const { lines, text } = await look('claude-desktop', { [desktop]: { mcpServers: { did: entry } } })
  expect(lines.slice(1, 9)).toEqual([
    'warning command: "node" is looked for in the client\'s own PATH, which is not that of this terminal',
    'failed command: "did-mcp/dist/main.js" is a relative path, and nobody knows from which folder the client starts it',
    'ok variables: the entry sets DID_MCP_LOGIN, DID_MCP_SECRET, DID_MCP_DATABASE_URL, DID_MCP_CONCURRENCY, DID_MCP_POLICY',
    'warning variables: DID_MCP_SECRET stands in the file in plain text, for every program and backup that reads it',
    'warning variables: DID_MCP_DATABASE_URL stands in the file in plain text, for every program and backup that reads it',
    'failed variables: DID_MCP_CONCURRENCY is no text',
    'failed variables: DID_MCP_POLICY holds a placeholder that Claude Desktop does not fill in',
    'skipped launch: needs command, which did not succeed',
  ])
  expect(lines).toContain(
    `failed configuration: DID_MCP_POLICY must be an absolute path, but is "\${HOME}/policy.json"`,
  )
  expect(text).not.toContain(secret)
})

test('what did-mcp config and the README leave to be filled in is named', async () => {
  const env = { DID_MCP_LOGIN: 'your-api-user', DID_MCP_SECRET_FILE: '/absolute/path/to/a/file/with/the/secret' }
  const failures = async (env: object) => {
    const { code, lines } = await look('cursor', {
      '.cursor/mcp.json': { mcpServers: { did: { command: node, args: [program], env } } },
    })
    expect(code).toBe(1)
    return lines.filter((line) => line.startsWith('failed variables'))
  }
  for (const filled of [env, placeholders]) {
    expect(await failures(filled)).toEqual(
      Object.entries(filled).map(
        ([name, value]) => `failed variables: ${name} is still ${value}, which only shows what goes there`,
      ),
    )
  }
})

test.each<[string, ClientName, string, (env: object) => object]>([
  [
    'beside the entries',
    'claude-desktop',
    desktop,
    (env) => ({ mcpServers: { did: { command: node, args: [program] } }, env }),
  ],
  [
    'beside the entry',
    'cursor',
    '.cursor/mcp.json',
    (env) => ({ mcpServers: { did: { command: node, args: [program] }, env } }),
  ],
])('an "env" that stands %s reaches nobody', async (_, client, file, config) => {
  const env = { DID_MCP_LOGIN: 'me', DID_MCP_SECRET: secret, OTHER: 'x' }
  const { lines, text } = await look(client, { [file]: config(env) })
  expect(lines.slice(0, 2)).toEqual([
    `warning client: in HOME/${file} "env" stands outside of the entry, so the server is not given DID_MCP_LOGIN, DID_MCP_SECRET`,
    `ok client: HOME/${file}, entry "did"`,
  ])
  expect(text).not.toContain(secret)
})

test('programs that are not there', async () => {
  const entry = { command: '/nowhere/node', args: ['/nowhere/did-mcp/dist/main.js'] }
  const { lines } = await look('claude-desktop', { [desktop]: { mcpServers: { numbers: entry } } })
  expect(lines.slice(1, 3)).toEqual([
    'failed command: there is no /nowhere/node',
    'failed command: there is no /nowhere/did-mcp/dist/main.js',
  ])
})

test('arguments of a shell are neither tried nor shown', async () => {
  const args = ['-c', `DID_MCP_SECRET=${secret} ${node} ${program} did-mcp`]
  const { lines, text } = await look('claude-desktop', {
    [desktop]: { mcpServers: { did: { command: '/bin/sh', args } } },
  })
  expect(lines.slice(1, 4)).toEqual([
    'ok command: /bin/sh',
    'ok variables: the entry sets none',
    'skipped launch: not tried: the command is more than node, npx or did-mcp alone',
  ])
  expect(text).not.toContain(secret)
})

test('a program that does not start', async () => {
  const { lines } = await look('claude-desktop', {
    'did-mcp/main.js': 'process.exit(3)',
    [desktop]: { mcpServers: { did: { command: node, args: ['HOME/did-mcp/main.js'] } } },
  })
  expect(lines[3]).toMatch(/^failed launch: it does not start/)
})

test('what is set in the terminal does not reach a desktop application, and that is said', async () => {
  const files = { [desktop]: { mcpServers: { did: { command: node, args: [program] } } } }
  const { lines } = await look('claude-desktop', files, { DID_MCP_LOGIN: 'me', DID_MCP_SECRET: secret })
  expect(lines).toContain(
    'warning variables: set in this terminal, and not handed on by Claude Desktop: DID_MCP_LOGIN, DID_MCP_SECRET',
  )
  expect(lines.find((line) => line.includes('configuration'))).toMatch(/embedded sandbox/)
})

test('VS Code: comments, its own key, and a secret that only it knows', async () => {
  const file = `{
    // Ours. "quoted, }"
    "inputs": [{ "id": "secret", "type": "promptString", "password": true, },],
    "servers": { "numbers": { "type": "stdio", "command": ${JSON.stringify(node)}, /* this */ "args": [${JSON.stringify(program)}],
      "env": { "DID_MCP_LOGIN": "me", "DID_MCP_SECRET": "\${input:secret}" } } },
  }`
  const { code, lines } = await look('vscode', { '.config/Code/User/mcp.json': file })
  expect(code).toBe(0)
  expect(lines[0]).toBe('ok client: HOME/.config/Code/User/mcp.json, entry "numbers"')
  expect(lines[3]).toBe('ok variables: DID_MCP_SECRET is asked for by VS Code')
  expect(lines.at(-1)).toBe('skipped the rest: only VS Code knows DID_MCP_SECRET: it asks a person for it')
})

test('Cursor: a variable that is not set here is said to be so, and what it leads to is not called well', async () => {
  const entry = { command: node, args: [program], env: { DID_MCP_LOGIN: `\${env:MY_LOGIN}`, DID_MCP_SECRET: secret } }
  const { code, lines } = await look('cursor', { '.cursor/mcp.json': { mcpServers: { did: entry } } })
  expect(code).toBe(0)
  expect(lines).toContain(
    'warning variables: DID_MCP_LOGIN is taken from MY_LOGIN, which is not set here: Cursor hands on what it was started with',
  )
  expect(lines.at(-1)).toBe(
    'skipped the rest: only Cursor knows DID_MCP_LOGIN: it takes it from an environment of its own',
  )
})

test.each<[ClientName, string, object | string]>([
  [
    'codex',
    '.codex/config.toml',
    `[mcp_servers.did]\ncommand = ${JSON.stringify(node)}\nargs = [${JSON.stringify(program)}]`,
  ],
  ['gemini-cli', '.gemini/settings.json', { mcpServers: { did: { command: node, args: [program] } } }],
  ['opencode', '.config/opencode/opencode.json', { mcp: { did: { type: 'local', command: [node, program] } } }],
  ['windsurf', '.codeium/windsurf/mcp_config.json', { mcpServers: { did: { command: node, args: [program] } } }],
  ['zed', '.config/zed/settings.json', { context_servers: { did: { command: node, args: [program] } } }],
  [
    'cline',
    '.config/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json',
    { mcpServers: { did: { command: node, args: [program] } } },
  ],
])('%s: its entry is found and started', async (client, file, config) => {
  const { code, lines } = await look(client, { [file]: config })
  expect(lines[0]).toBe(`ok client: HOME/${file}, entry "did"`)
  expect(lines[1]).toBe(`ok command: ${node} ${program}`)
  // The built program has the version of package.json; a test's own is another.
  expect(lines.find((line) => line.includes(' launch: '))).toMatch(/^warning launch: its command finds did-mcp /)
  expect(code).toBe(0)
})

test('Claude Code: the entry of this folder comes first, with its placeholders filled in from the terminal', async () => {
  const entry = (level: string) => ({ command: node, args: [program], env: { DID_MCP_LOG_LEVEL: level } })
  const files = {
    '.claude.json': {
      mcpServers: { did: entry('info') },
      projects: { 'HOME/work': { mcpServers: { 'did-here': entry(`\${LEVEL:-loud}`) } } },
    },
  }
  const { lines } = await look('claude-code', files, { LEVEL: 'shrill' })
  expect(lines.slice(0, 2)).toEqual([
    'ok client: HOME/.claude.json, entry "did-here"',
    'warning client: "did" in HOME/.claude.json launches did-mcp too',
  ])
  expect(lines).toContain('failed configuration: DID_MCP_LOG_LEVEL must be debug, info, warn or error, but is "shrill"')
})

test('Windows: the place that an installation as MSIX reads', async () => {
  const file = 'Packages/Claude_abc/LocalCache/Roaming/Claude/claude_desktop_config.json'
  const files = { [file]: { mcpServers: { did: { command: node, args: [program] } } } }
  const { lines } = await look('claude-desktop', files, {}, 'win32')
  expect(lines[0]).toBe(`ok client: HOME/${file}, entry "did"`)
})

/** What `did-mcp doctor --client` says in a home with these files; the home is called HOME in files and lines. */
async function look(
  client: ClientName,
  files: Record<string, unknown>,
  env: Record<string, string> = {},
  platform: System['platform'] = 'linux',
) {
  const home = temporaryFolder()
  for (const [path, content] of Object.entries({ 'work/x': '', ...files })) {
    mkdirSync(dirname(join(home, path)), { recursive: true })
    const text = typeof content === 'string' ? content : JSON.stringify(content)
    writeFileSync(join(home, path), text.replaceAll('HOME/', `${home}/`))
  }
  chmodSync(home, 0o700)
  const machine = { ...thisMachine(), stateDir: join(home, 'state'), systemPolicyPath: join(home, 'none') }
  const system: System = {
    platform,
    home,
    folder: join(home, 'work'),
    env: { LOCALAPPDATA: home, ...env },
    list: (path) => (path.endsWith('Packages') ? ['Other_x', 'Claude_abc'] : []),
  }
  const terminal = testTerminal()
  const code = await doctor({ env: system.env, client, json: true, program }, terminal, machine, system)
  const text = terminal.lines.join('\n')
  const { checks }: { checks: { name: string; findings: Finding[] }[] } = JSON.parse(text)
  const lines = checks.flatMap(({ name, findings }) =>
    findings.map(({ verdict, what }) => `${verdict} ${name}: ${what}`.replaceAll(home, 'HOME')),
  )
  const runs = checks.flatMap(({ findings }) => findings.flatMap(({ run }) => (run === undefined ? [] : [run])))
  return { code, lines, runs, text }
}
