import { describe, expect, test } from 'vitest'
import type { ClientName, System } from '../../src/clients/clients.ts'
import { clientNames } from '../../src/clients/known-clients.ts'
import { printClientConfig } from '../../src/commands/print-entry.ts'
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
  test('the whole answer, for the sandbox', async () => {
    expect(await print('vscode')).toBe(`did-mcp for VS Code

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
  ] as const)('%s has its own key and type', async (client, key, type) => {
    const args = ['/opt/did-mcp/dist/main.js']
    expect(snippet(await print(client))).toEqual({
      [key]: { did: { ...(type && { type }), command: '/opt/node 22/bin/node', args } },
    })
  })

  test.each(clientNames.filter((name) => name !== 'codex' && name !== 'opencode'))(
    '%s: no secret is shown, whatever is set, and the rest is carried over',
    async (name) => {
      const text = await print(name, {
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
      expect(text).toContain(
        '\nSet here, and not in the entry:\n- DID_MCP_LOGIN, DID_MCP_SECRET: what opens the account',
      )
      const entry = Object.values(snippet(text))[0]?.did
      expect(entry?.env).toEqual({
        DID_MCP_LOGIN: 'YOUR-API-USER',
        DID_MCP_SECRET_FILE: '/FULL/PATH/TO/A/FILE/WITH/THE/SECRET',
        DID_MCP_POLICY: '/etc/our policy.json',
        DID_MCP_CONFIRMATION: 'human',
      })
    },
  )

  test('what is set for the sandbox stands in both entries', async () => {
    const text = await print('cursor', { DID_MCP_LOG_LEVEL: 'debug' })
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

  describe.each<[System['platform'], Partial<System>, { readonly [client in First]: readonly string[] }]>([
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
    test.each(first)('%s', async (client) => {
      expect(placesIn(await print(client, {}, platform, '/opt/did-mcp/dist/main.js', system))).toEqual(
        places[client].map((line) => line.replaceAll('\\', '/')),
      )
    })
  })

  test('on Windows, an installation of Claude Desktop as MSIX has a folder whose name has to be looked for', async () => {
    const system = {
      env: { APPDATA: '/roaming', LOCALAPPDATA: '/local' },
      list: (path: string) => (path.endsWith('Packages') ? ['Other_x', 'Claude_abc'] : []),
    }
    expect(placesIn(await print('claude-desktop', {}, 'win32', undefined, system)).slice(0, 2)).toEqual([
      'It goes into /local/Packages/Claude_abc/LocalCache/Roaming/Claude/claude_desktop_config.json',
      '  or /roaming/Claude/claude_desktop_config.json',
    ])
  })

  test('for Claude Code there is a command, in which no variable swallows the name of the server', async () => {
    const commands = (await print('claude-code')).split('\n').filter((line) => line.startsWith('claude mcp add'))
    expect(commands).toEqual([
      "claude mcp add --scope user did -- '/opt/node 22/bin/node' /opt/did-mcp/dist/main.js",
      "claude mcp add --env DID_MCP_LOGIN=YOUR-API-USER --env DID_MCP_SECRET_FILE=/FULL/PATH/TO/A/FILE/WITH/THE/SECRET --scope user did -- '/opt/node 22/bin/node' /opt/did-mcp/dist/main.js",
    ])
    const lines = (
      await print('claude-code', { DID_MCP_LOGIN: 'ann', DID_MCP_SECRET_FILE: "/home/ann's/secret" })
    ).split('\n')
    expect(lines).toContain(
      `claude mcp add --env DID_MCP_LOGIN=YOUR-API-USER --env 'DID_MCP_SECRET_FILE=/home/ann'\\''s/secret' --scope user did -- '/opt/node 22/bin/node' /opt/did-mcp/dist/main.js`,
    )
  })

  test('Codex has TOML, and opencode a list and a name of its own for variables', async () => {
    const env = { DID_MCP_CONFIRMATION: 'human' }
    expect((await print('codex', env)).split('\n\n')).toEqual(
      expect.arrayContaining([
        `[mcp_servers.did]
command = "/opt/node 22/bin/node"
args = [ "/opt/did-mcp/dist/main.js" ]`,
        `[mcp_servers.did.env]
DID_MCP_CONFIRMATION = "human"`,
      ]),
    )
    expect(snippet(await print('opencode', env))).toEqual({
      mcp: {
        did: {
          type: 'local',
          command: ['/opt/node 22/bin/node', '/opt/did-mcp/dist/main.js'],
          environment: { DID_MCP_CONFIRMATION: 'human' },
          enabled: true,
        },
      },
    })
  })

  const plain = { command: '/opt/node 22/bin/node', args: ['/opt/did-mcp/dist/main.js'] }

  test('any other client gets an entry with the full path of Node', async () => {
    const text = await print('generic')
    expect(snippet(text)).toEqual(plain)
    expect(text).not.toContain('doctor')
  })

  test.each([...clientNames, 'generic'] as const)('%s: --json is one object, the entry in it', async (client) => {
    const { version, name, entry, ...where } = JSON.parse(
      await print(client, {}, 'linux', undefined, {}, { json: true }),
    )
    expect([version, name]).toEqual([1, 'did'])
    expect([entry.command].flat()[0]).toBe(plain.command)
    if (client === 'generic') expect(where).toEqual({ client })
    else expect(where).toEqual({ client, file: expect.stringContaining('/home/ann/'), key: expect.any(String) })
  })

  test('--link is the link alone, which holds the entry', async () => {
    const [vscode = '', cursor = ''] = await Promise.all(
      (['vscode', 'cursor'] as const).map((name) => print(name, {}, 'linux', undefined, {}, { link: true })),
    )
    const [install, query = ''] = vscode.trim().split('?')
    expect([install, JSON.parse(decodeURIComponent(query))]).toEqual([
      'vscode:mcp/install',
      { name: 'did', type: 'stdio', ...plain },
    ])
    const link = new URL(cursor.trim())
    expect(link.searchParams.get('name')).toBe('did')
    const config = Buffer.from(link.searchParams.get('config') ?? '', 'base64').toString()
    expect(JSON.parse(config)).toEqual(plain)
  })

  test('a client without install links is told to have none', async () => {
    const text = await print('zed', {}, 'linux', undefined, {}, { link: true, code: 2 })
    expect(text).toBe('Zed has no install link; vscode and cursor have one.\n')
  })

  test('a copy in the cache of npx is not named, because it goes away', async () => {
    const path = '/home/ann/.npm/_npx/1a2b/node_modules/did-mcp/dist/main.js'
    const run = async (platform: System['platform']) =>
      snippet(await print('cursor', {}, platform, path)).mcpServers?.did
    expect(await run('darwin')).toEqual({ command: 'npx', args: ['-y', 'did-mcp'] })
    expect(await run('win32')).toEqual({ command: 'cmd', args: ['/c', 'npx', '-y', 'did-mcp'] })
  })
})

async function print(
  name: ClientName | 'generic',
  env: Record<string, string> = {},
  platform: System['platform'] = 'linux',
  path = '/opt/did-mcp/dist/main.js',
  more: Partial<System> = {},
  { code = 0, ...asked }: { json?: boolean; link?: boolean; code?: number } = {},
): Promise<string> {
  const terminal = testTerminal()
  const system: System = {
    platform,
    home: '/home/ann',
    folder: '/work',
    env,
    list: (folder) => (folder.startsWith('/home/ann') ? ['secret'] : []),
    ...more,
  }
  const options = { client: name, env, program: path, ...asked }
  expect(await printClientConfig(options, terminal, system, '/opt/node 22/bin/node')).toBe(code)
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

const first = ['claude-desktop', 'claude-code', 'vscode', 'cursor'] as const
type First = (typeof first)[number]

type Snippet = Record<string, { did?: { env?: object } }>

/** The first JSON in it. */
function snippet(text: string): Snippet {
  return JSON.parse(/^\{\n.*?^\}$/ms.exec(text)?.[0] ?? '{}')
}
