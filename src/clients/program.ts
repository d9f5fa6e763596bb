import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { type Platform, type System, thisSystem } from './clients.ts'

/**
 * How a person starts this program in a terminal: `did-mcp` where that name leads to it, `npx -y did-mcp` for a copy in
 * npx's cache, else Node and the program's path. To be put before a command's words.
 *
 * @param program its path, absolute
 * @param node the path of the Node that runs it
 */
export function callOf(
  program: string,
  { env, platform }: Pick<System, 'env' | 'platform'>,
  node = process.execPath,
): string {
  if (isCached(program)) return npx.join(' ')
  const windows = platform === 'win32'
  const folders = (env.PATH ?? '')
    .split(windows ? ';' : ':')
    // npm and npx put their own there, for as long as they run.
    .filter((folder) => folder !== '' && !/[\\/]\.bin$/.test(folder))
  const first = (name: string) => folders.find((folder) => existsSync(join(folder, name)))
  const ours = first(windows ? 'did-mcp.cmd' : 'did-mcp')
  // A script of npm's on Windows, a link elsewhere.
  const behind = windows ? 'node_modules/did-mcp/dist/main.js' : 'did-mcp'
  if (ours !== undefined && isSame(join(ours, behind), program)) return 'did-mcp'
  const name = windows ? 'node.exe' : 'node'
  const folder = first(name)
  const short = folder !== undefined && isSame(join(folder, name), node)
  return [short ? 'node' : node, program].map((word) => quoted(word, platform)).join(' ')
}

/** The same on this system. */
export const callHere = (program: string, env: System['env']): string => callOf(program, thisSystem(env))

/** What starts a copy that goes away with npx's cache. */
export const npx = ['npx', '-y', 'did-mcp'] as const

export const isCached = (program: string) => /[\\/]_npx[\\/]/.test(program)

/** Whether two paths lead to one file. */
export function isSame(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other)
  } catch {
    return false
  }
}

/** A word as this platform's shell takes it for one. */
export function quoted(word: string, platform: Platform): string {
  if (/^[\w./:=@+,-]+$/.test(word) || (platform === 'win32' && /^[\w./\\:=@+,-]+$/.test(word))) return word
  return platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", "'\\''")}'`
}
