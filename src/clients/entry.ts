import type { Client, Platform, System } from './clients.ts'
import { isCached, isSame, npx, quoted } from './program.ts'

/** What a client runs to start this program. */
export interface StartCommand {
  command: string
  args: readonly string[]
  why: string
}

/** The command for an entry, with a path that lasts. */
export function startCommand(node: string, program: string, { platform }: System): StartCommand {
  // A copy in npx's cache goes away with the cache.
  if (isCached(program)) {
    const [command = '', ...args] = platform === 'win32' ? ['cmd', '/c', ...npx] : npx
    const why =
      'This copy lies in the cache of npx, so the entry asks npx for it at each start; it finds what is published on npm, ' +
      'and nothing before a first version is. A client that does not find npx needs full paths: npm install --global ' +
      'did-mcp, and print this anew with it.'
    return { command, args, why }
  }
  const command = lastingNodes.find((one) => isSame(one, node)) ?? node
  const why =
    'Full paths, because clients have neither your PATH nor your folder. Print it anew when Node or did-mcp moves.'
  return { command, args: [program], why }
}

/** An entry as this client writes it; for `undefined` as most do. */
export function entryOf(
  client: Client | undefined,
  { command, args }: StartCommand,
  env: Readonly<Record<string, string>>,
) {
  const some = Object.keys(env).length > 0
  if (client?.shape === 'opencode') {
    return { type: 'local', command: [command, ...args], ...(some && { environment: env }), enabled: true }
  }
  return { ...(client?.shape === 'typed' && { type: 'stdio' }), command, args, ...(some && { env }) }
}

/** The same with what it stands under, as it is written into the client's file. */
export async function entryText(client: Client, entry: object): Promise<string> {
  const whole = { [client.key]: { did: entry } }
  if (client.notation === 'json') return JSON.stringify(whole, null, 2)
  const { stringify } = await import('smol-toml')
  return stringify(whole).trim()
}

/** A link that a client opens to install the entry; undefined where it has none. */
export function installLink({ link }: Client, entry: object): string | undefined {
  if (link === 'vscode') return `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name: 'did', ...entry }))}`
  if (link === 'cursor') {
    const config = encodeURIComponent(Buffer.from(JSON.stringify(entry)).toString('base64'))
    return `cursor://anysphere.cursor-deeplink/mcp/install?name=did&config=${config}`
  }
  return undefined
}

/**
 * The words with which Claude Code adds the entry itself.
 *
 * `--env` takes every word up to the next option, so another option stands between it and the name.
 */
export function addCommand(
  { command, args }: StartCommand,
  env: Readonly<Record<string, string>>,
  platform: Platform,
): string {
  const variables = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`])
  const words = ['claude', 'mcp', 'add', ...variables, '--scope', 'user', 'did', '--', command, ...args]
  return words.map((word) => quoted(word, platform)).join(' ')
}

/** Links that stay when Node is updated: Homebrew's own folder has the version in its name. */
const lastingNodes = ['/opt/homebrew/bin/node', '/usr/local/bin/node', '/usr/bin/node']
