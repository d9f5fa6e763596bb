import { describe, expect, test } from 'vitest'
import { type ClientName, clientNames, type System } from '../../src/clients/clients.ts'
import { printClientConfig } from '../../src/commands/config.ts'
import { testTerminal } from '../support/terminal.ts'

const secret = 'MARKED-s3cret'

/** What is said of the other platforms. */
const linux = {
  'claude-desktop': '(Linux: ~/.config/Claude/claude_desktop_config.json)',
  vscode: '(Linux: ~/.config/Code/User/mcp.json)',
}
const macOS = {
  'claude-desktop': '(macOS: ~/Library/Application Support/Claude/claude_desktop_config.json)',
  vscode: '(macOS: ~/Library/Application Support/Code/User/mcp.json)',
}
const windows = {
  'claude-desktop':
    '(Windows: %LOCALAPPDATA%\\Packages\\Claude_*\\LocalCache\\Roaming\\Claude\\claude_desktop_config.json or %APPDATA%\\Claude\\claude_desktop_config.json)',
  vscode: '(Windows: %APPDATA%\\Code\\User\\mcp.json)',
}

describe('did-mcp config', () => {
  test('the whole answer, for the sandbox', () => {
    expect(print('vscode')).toBe(`did-mcp for VS Code

It goes into /home/ann/.config/Code/User/mcp.json
  or .vscode/mcp.json in a project's folder
(macOS: ~/Library/Application Support/Code/User/mcp.json)
(Windows: %APPDATA%\\Code\\User\\mcp.json)
VS Code opens it with "MCP: Open User Configuration" of its Command Palette.
If there is no such file, make it. If it has "servers" already, add "did" beside what stands there.

The embedded sandbox, in which nothing is real:

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

Or your own account:

{
  "servers": {
    "did": {
      "type": "stdio",
      "command": "/opt/node 22/bin/node",
      "args": [
        "/opt/did-mcp/dist/main.js"
      ],
      "env": {
        "DID_MCP_LOGIN": "YOUR-API-USER",
        "DID_MCP_SECRET_FILE": "/FULL/PATH/TO/A/FILE/WITH/THE/SECRET"
      }
    }
  }
}

Fill in what is written in capitals. Keep the secret in a file of its own that only you may read (one line, chmod 600): then it is in no configuration.

Press Start above the entry, or run "MCP: List Servers".
Then check it: '/opt/node 22/bin/node' /opt/did-mcp/dist/main.js doctor --client vscode

Full paths, because clients have neither your PATH nor your folder. Print it anew when Node or did-mcp moves.
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
    expect(text).toContain('\nSet here, and not in the entry:\n- DID_MCP_LOGIN, DID_MCP_SECRET: what opens the account')
    const entry = Object.values(snippet(text))[0]?.did
    expect(entry?.env).toEqual({
      DID_MCP_LOGIN: 'YOUR-API-USER',
      DID_MCP_SECRET_FILE: '/FULL/PATH/TO/A/FILE/WITH/THE/SECRET',
      DID_MCP_POLICY: '/etc/our policy.json',
      DID_MCP_CONFIRMATION: 'human',
    })
  })

  test('what is set for the sandbox stands in both entries', () => {
    const text = print('cursor', { DID_MCP_LOG_LEVEL: 'debug' })
    const entries = [...text.matchAll(/^\{\n.*?^\}$/gms)].map(([json]) => JSON.parse(json).mcpServers.did.env)
    expect(text).not.toContain('Set here')
    expect(entries).toEqual([
      { DID_MCP_LOG_LEVEL: 'debug' },
      {
        DID_MCP_LOGIN: 'YOUR-API-USER',
        DID_MCP_SECRET_FILE: '/FULL/PATH/TO/A/FILE/WITH/THE/SECRET',
        DID_MCP_LOG_LEVEL: 'debug',
      },
    ])
  })

  describe.each<[System['platform'], Partial<System>, { readonly [client in ClientName]: readonly string[] }]>([
    [
      'linux',
      { home: '/home/ann', folder: '/work' },
      {
        'claude-desktop': [
          'It goes into /home/ann/.config/Claude/claude_desktop_config.json',
          macOS['claude-desktop'],
          windows['claude-desktop'],
        ],
        'claude-code': ['It goes into /home/ann/.claude.json', "  or .mcp.json in a project's folder"],
        vscode: [
          'It goes into /home/ann/.config/Code/User/mcp.json',
          "  or .vscode/mcp.json in a project's folder",
          macOS.vscode,
          windows.vscode,
        ],
        cursor: ['It goes into /home/ann/.cursor/mcp.json', "  or .cursor/mcp.json in a project's folder"],
      },
    ],
    [
      'darwin',
      { home: '/Users/ann', folder: '/work' },
      {
        'claude-desktop': [
          'It goes into /Users/ann/Library/Application Support/Claude/claude_desktop_config.json',
          windows['claude-desktop'],
          linux['claude-desktop'],
        ],
        'claude-code': ['It goes into /Users/ann/.claude.json', "  or .mcp.json in a project's folder"],
        vscode: [
          'It goes into /Users/ann/Library/Application Support/Code/User/mcp.json',
          "  or .vscode/mcp.json in a project's folder",
          windows.vscode,
          linux.vscode,
        ],
        cursor: ['It goes into /Users/ann/.cursor/mcp.json', "  or .cursor/mcp.json in a project's folder"],
      },
    ],
    [
      'win32',
      {
        home: 'C:\\Users\\ann',
        folder: 'D:\\work',
        env: { APPDATA: 'C:\\Users\\ann\\AppData\\Roaming', LOCALAPPDATA: 'C:\\Users\\ann\\AppData\\Local' },
      },
      {
        'claude-desktop': [
          // Not installed as MSIX: there is no such folder to name.
          'It goes into %LOCALAPPDATA%\\Packages\\Claude_*\\LocalCache\\Roaming\\Claude\\claude_desktop_config.json',
          '  or C:\\Users\\ann\\AppData\\Roaming\\Claude\\claude_desktop_config.json',
          macOS['claude-desktop'],
          linux['claude-desktop'],
        ],
        'claude-code': ['It goes into C:\\Users\\ann\\.claude.json', "  or .mcp.json in a project's folder"],
        vscode: [
          'It goes into C:\\Users\\ann\\AppData\\Roaming\\Code\\User\\mcp.json',
          "  or .vscode\\mcp.json in a project's folder",
          macOS.vscode,
          linux.vscode,
        ],
        cursor: ['It goes into C:\\Users\\ann\\.cursor\\mcp.json', "  or .cursor\\mcp.json in a project's folder"],
      },
    ],
  ])('where it goes on %s', (platform, system, places) => {
    test.each(clientNames)('%s', (client) => {
      expect(placesIn(print(client, {}, platform, '/opt/did-mcp/dist/main.js', system))).toEqual(
        places[client].map((line) => line.replaceAll('\\', '/')),
      )
    })
  })

  test('on Windows, an installation of Claude Desktop as MSIX has a folder whose name has to be looked for', () => {
    const system = {
      env: { APPDATA: '/roaming', LOCALAPPDATA: '/local' },
      list: (path: string) => (path.endsWith('Packages') ? ['Other_x', 'Claude_abc'] : []),
    }
    expect(placesIn(print('claude-desktop', {}, 'win32', undefined, system)).slice(0, 2)).toEqual([
      'It goes into /local/Packages/Claude_abc/LocalCache/Roaming/Claude/claude_desktop_config.json',
      '  or /roaming/Claude/claude_desktop_config.json',
    ])
  })

  test('for Claude Code there is a command, in which no variable swallows the name of the server', () => {
    const commands = print('claude-code')
      .split('\n')
      .filter((line) => line.startsWith('claude mcp add'))
    expect(commands).toEqual([
      "claude mcp add --scope user did -- '/opt/node 22/bin/node' /opt/did-mcp/dist/main.js",
      "claude mcp add --env DID_MCP_LOGIN=YOUR-API-USER --env DID_MCP_SECRET_FILE=/FULL/PATH/TO/A/FILE/WITH/THE/SECRET --scope user did -- '/opt/node 22/bin/node' /opt/did-mcp/dist/main.js",
    ])
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
  more: Partial<System> = {},
): string {
  const terminal = testTerminal()
  const system: System = {
    platform,
    home: '/home/ann',
    folder: '/work',
    env,
    list: (folder) => (folder.startsWith('/home/ann') ? ['secret'] : []),
    ...more,
  }
  const options = { client: name, env, program: path }
  expect(printClientConfig(options, terminal, system, '/opt/node 22/bin/node')).toBe(0)
  return `${terminal.lines.join('\n')}\n`
}

/** The lines that say where the entry goes; the separators are those of the machine that tests. */
function placesIn(text: string): string[] {
  const lines = text.split('\n')
  const first = lines.findIndex((line) => line.startsWith('It goes into'))
  const end = lines.findIndex((line) => line.startsWith('If there is no such file'))
  return lines
    .slice(first, end)
    .filter((line) => !line.includes(' opens it '))
    .map((line) => line.replaceAll('\\', '/'))
}

type Snippet = Record<string, { did?: { env?: object } }>

/** The first JSON in it. */
function snippet(text: string): Snippet {
  return JSON.parse(/^\{\n.*?^\}$/ms.exec(text)?.[0] ?? '{}')
}
