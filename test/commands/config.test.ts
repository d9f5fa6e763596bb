import { describe, expect, test } from 'vitest'
import { printClientConfig } from '../../src/commands/client-config.ts'
import { type ClientName, clientNames, type System } from '../../src/commands/clients.ts'
import { testTerminal } from '../support/terminal.ts'

const secret = 'MARKED-s3cret'

describe('did-mcp config', () => {
  test('the whole answer, for the sandbox', () => {
    expect(print('vscode')).toBe(`did-mcp for VS Code

It goes into /home/ann/.config/Code/User/mcp.json
  or /work/.vscode/mcp.json
(macOS: ~/Library/Application Support/Code/User/mcp.json or ./.vscode/mcp.json)
(Windows: %APPDATA%\\Code\\User\\mcp.json or .\\.vscode\\mcp.json)

{
  "servers": {
    "did": {
      "type": "stdio",
      "command": "/opt/node 22/bin/node",
      "args": [
        "/opt/did-mcp/dist/main.js"
      ]
    }
  }
}

If the file has "servers" already, add "did" beside what stands there.
Press Start above the entry, or run "MCP: List Servers".
Then check it: '/opt/node 22/bin/node' /opt/did-mcp/dist/main.js doctor --client vscode

Full paths, because clients have neither your PATH nor your folder. Print it anew when Node or did-mcp moves.
As it stands it is the embedded sandbox: nothing in it is real. For your own account add:
  "env": { "DID_MCP_LOGIN": "YOUR-API-USER", "DID_MCP_SECRET_FILE": "/FULL/PATH/TO/A/FILE/WITH/THE/SECRET" }
Keep the secret in a file of its own that only you may read (one line, chmod 600): then it is in no configuration.
`)
  })

  test.each([
    ['claude-desktop', 'mcpServers', undefined],
    ['claude-code', 'mcpServers', 'stdio'],
    ['vscode', 'servers', 'stdio'],
    ['cursor', 'mcpServers', undefined],
  ] as const)('%s has its own key and type', (client, key, type) => {
    const args = ['/opt/did-mcp/dist/main.js']
    expect(snippet(print(client))).toEqual({
      [key]: { did: { ...(type && { type }), command: '/opt/node 22/bin/node', args } },
    })
  })

  test.each(clientNames)('%s: no secret is shown, whatever is set, and the rest is carried over', (name) => {
    const text = print(name, {
      DID_MCP_LOGIN: 'ann-at-carrier',
      DID_MCP_SECRET: secret,
      DID_MCP_DATABASE_URL: `postgres://ann:${secret}@db/x`,
      DID_MCP_ENDPOINT: `https://ann:${secret}@carrier.example/api`,
      DID_MCP_POLICY: '/etc/our policy.json',
      DID_MCP_CONFIRMATION: 'human',
      DID_MCP_CONCURRENCY: 'wrong',
    })
    expect(text).not.toContain(secret)
    expect(text).not.toContain('ann-at-carrier')
    expect(text).toContain('Set here and not shown: DID_MCP_LOGIN, DID_MCP_SECRET, DID_MCP_DATABASE_URL.')
    const entry = Object.values(snippet(text))[0]?.did
    expect(entry?.env).toEqual({
      DID_MCP_LOGIN: 'YOUR-API-USER',
      DID_MCP_SECRET_FILE: '/FULL/PATH/TO/A/FILE/WITH/THE/SECRET',
      DID_MCP_POLICY: '/etc/our policy.json',
      DID_MCP_CONFIRMATION: 'human',
    })
  })

  test('for Claude Code there is a command, in which no variable swallows the name of the server', () => {
    expect(print('claude-code').split('\n')).toContain(
      "claude mcp add --scope user did -- '/opt/node 22/bin/node' /opt/did-mcp/dist/main.js",
    )
    const lines = print('claude-code', { DID_MCP_LOGIN: 'ann', DID_MCP_SECRET_FILE: "/home/ann's/secret" }).split('\n')
    expect(lines).toContain(
      `claude mcp add --env DID_MCP_LOGIN=YOUR-API-USER --env 'DID_MCP_SECRET_FILE=/home/ann'\\''s/secret' --scope user did -- '/opt/node 22/bin/node' /opt/did-mcp/dist/main.js`,
    )
  })

  test('a copy in the cache of npx is not named, because it goes away', () => {
    const path = '/home/ann/.npm/_npx/1a2b/node_modules/did-mcp/dist/main.js'
    const run = (platform: System['platform']) => snippet(print('cursor', {}, platform, path)).mcpServers?.did
    expect(run('darwin')).toEqual({ command: 'npx', args: ['-y', 'did-mcp'] })
    expect(run('win32')).toEqual({ command: 'cmd', args: ['/c', 'npx', '-y', 'did-mcp'] })
  })
})

function print(
  name: ClientName,
  env: Record<string, string> = {},
  platform: System['platform'] = 'linux',
  path = '/opt/did-mcp/dist/main.js',
): string {
  const terminal = testTerminal()
  const system: System = { platform, home: '/home/ann', folder: '/work', env, list: () => [] }
  const options = { client: name, env, program: path }
  expect(printClientConfig(options, terminal, system, '/opt/node 22/bin/node')).toBe(0)
  return `${terminal.lines.join('\n')}\n`
}

type Snippet = Record<string, { did?: { env?: object } }>

/** The JSON in the middle. */
function snippet(text: string): Snippet {
  return JSON.parse(/^\{\n.*?^\}$/ms.exec(text)?.[0] ?? '{}')
}
