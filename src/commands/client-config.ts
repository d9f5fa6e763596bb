import { readVariables } from '../config/variables.ts'
import {
  type Client,
  type ClientName,
  clients,
  type Platform,
  platformNames,
  resolvePlace,
  type System,
  thisSystem,
} from './clients.ts'
import { callOf, isCached, isSame, npx, quoted } from './program.ts'
import type { Terminal } from './terminal.ts'

export interface ClientConfigOptions {
  client: ClientName
  env: System['env']
  /** The path of this program, absolute. */
  program: string
}

/**
 * `did-mcp config CLIENT`: the entry for a client, ready to be copied, and where it goes. It prints and writes nothing
 * else, and shows no secret, whatever the environment holds.
 *
 * @returns 0
 */
export function printClientConfig(
  options: ClientConfigOptions,
  terminal: Terminal,
  system: System = thisSystem(options.env),
  node: string = process.execPath,
): number {
  const client = clients[options.client]
  const launch = launchOf(node, options.program, system)
  const env = environment(system)
  terminal.print(terminal.strong(`did-mcp for ${client.title}`))
  terminal.print()
  if (client.name === 'claude-code') {
    terminal.print('Run this once, in any folder:')
    terminal.print(`\n${addCommand(launch, env, system.platform)}\n`)
    terminal.print('Or have the entry below in a file:')
  }
  for (const line of whereItGoes(client, system)) terminal.print(line)
  terminal.print(`\n${JSON.stringify({ [client.key]: { did: entry(client, launch, env) } }, null, 2)}\n`)
  terminal.print(`If the file has "${client.key}" already, add "did" beside what stands there.`)
  terminal.print(client.reload)
  terminal.print(`Then check it: ${callOf(options.program, system, node)} doctor --client ${client.name}`)
  terminal.print()
  for (const line of [launch.why, ...aboutAccount(env, system)]) terminal.print(line)
  return 0
}

interface Launch {
  command: string
  args: readonly string[]
  why: string
}

/** Links that stay when Node is updated: Homebrew's own folder has the version in its name. */
const lastingNodes = ['/opt/homebrew/bin/node', '/usr/local/bin/node', '/usr/bin/node']

function launchOf(node: string, program: string, { platform }: System): Launch {
  // A copy in npx's cache goes away with the cache.
  if (isCached(program)) {
    const [command = '', ...args] = platform === 'win32' ? ['cmd', '/c', ...npx] : npx
    const why =
      'This copy lies in the cache of npx, so the entry asks npx for it at each start. A client that does not find npx ' +
      'needs full paths: npm install --global did-mcp, and print this anew with it.'
    return { command, args, why }
  }
  const command = lastingNodes.find((one) => isSame(one, node)) ?? node
  const why =
    'Full paths, because clients have neither your PATH nor your folder. Print it anew when Node or did-mcp moves.'
  return { command, args: [program], why }
}

/** Stand for what only the person knows, in the order of the README's table. */
const placeholders = {
  DID_MCP_LOGIN: 'YOUR-API-USER',
  DID_MCP_SECRET_FILE: '/FULL/PATH/TO/A/FILE/WITH/THE/SECRET',
} as const

/** What may stand in a file that others see: of these, what is set here is carried over. */
const shown = [
  'DID_MCP_SECRET_FILE',
  'DID_MCP_ENDPOINT',
  'DID_MCP_POLICY',
  'DID_MCP_CONFIRMATION',
  'DID_MCP_STATE_DIR',
  'DID_MCP_TIMEOUT_MS',
  'DID_MCP_CONCURRENCY',
  'DID_MCP_LOG_LEVEL',
  'DID_MCP_QUIET_SECONDS',
  'DID_MCP_RETENTION_DAYS',
] as const

/** Nothing for the sandbox. The login is a placeholder too: it is half of what opens the account. */
function environment({ env }: System): Record<string, string> {
  const right = readVariables(env).values
  const carried = shown.flatMap((name): [string, string][] => {
    const value = env[name]
    return value && String(right[name]) === value ? [[name, value]] : []
  })
  const account = env.DID_MCP_LOGIN || env.DID_MCP_SECRET || env.DID_MCP_SECRET_FILE
  return { ...(account ? placeholders : {}), ...Object.fromEntries(carried) }
}

function entry(client: Client, { command, args }: Launch, env: Record<string, string>) {
  return { ...(client.typed && { type: 'stdio' }), command, args, ...(Object.keys(env).length > 0 && { env }) }
}

/** `--env` takes every word up to the next option, so another option stands between it and the name. */
function addCommand({ command, args }: Launch, env: Record<string, string>, platform: Platform): string {
  const variables = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`])
  const words = ['claude', 'mcp', 'add', ...variables, '--scope', 'user', 'did', '--', command, ...args]
  return words.map((word) => quoted(word, platform)).join(' ')
}

function whereItGoes({ places }: Client, system: System): string[] {
  const { platform } = system
  const [own, ...more] = places[platform].map((place) => resolvePlace(place, system)[0] ?? shownPlace(place, platform))
  const others = (Object.keys(platformNames) as Platform[]).filter(
    (one) => places[one].join() !== places[platform].join(),
  )
  return [
    `It goes into ${own}`,
    ...more.map((place) => `  or ${place}`),
    ...others.map(
      (one) => `(${platformNames[one]}: ${places[one].map((place) => shownPlace(place, one)).join(' or ')})`,
    ),
  ]
}

const shownPlace = (place: string, platform: Platform) => (platform === 'win32' ? place.replaceAll('/', '\\') : place)

function aboutAccount(env: Record<string, string>, system: System): string[] {
  const hint =
    'Keep the secret in a file of its own that only you may read (one line, chmod 600): then it is in no configuration.'
  if (!('DID_MCP_LOGIN' in env)) {
    const names = Object.entries(placeholders).map(([name, value]) => `"${name}": "${value}"`)
    return [
      'As it stands it is the embedded sandbox: nothing in it is real. For your own account add:',
      `  "env": { ${names.join(', ')} }`,
      hint,
    ]
  }
  const kept = ['DID_MCP_LOGIN', 'DID_MCP_SECRET', 'DID_MCP_DATABASE_URL'].filter((name) => system.env[name])
  const unsaid = kept.length > 0 ? [`Set here and not shown: ${kept.join(', ')}.`] : []
  return [`Fill in what is written in capitals. ${hint}`, ...unsaid]
}
