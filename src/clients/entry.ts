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
      'This copy lies in the cache of npx, so the entry asks npx for it at each start. A client that does not find npx ' +
      'needs full paths: npm install --global did-mcp, and print this anew with it.'
    return { command, args, why }
  }
  const command = lastingNodes.find((one) => isSame(one, node)) ?? node
  const why =
    'Full paths, because clients have neither your PATH nor your folder. Print it anew when Node or did-mcp moves.'
  return { command, args: [program], why }
}

/** An entry as this client writes it, in JSON. */
export function entryOf(client: Client, { command, args }: StartCommand, env: Readonly<Record<string, string>>) {
  return { ...(client.typed && { type: 'stdio' }), command, args, ...(Object.keys(env).length > 0 && { env }) }
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
