import { readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** A client that launches MCP servers over stdio: where its configuration lies, and what an entry looks like there. */
export interface Client {
  name: ClientName
  title: string
  /** What the entries stand under. */
  key: 'mcpServers' | 'servers' | 'mcp_servers' | 'mcp' | 'context_servers'
  /** How its file is written. */
  notation: 'json' | 'toml'
  /** How an entry is written there: as nearly all do, with `"type": "stdio"`, or as opencode does. */
  shape: 'plain' | 'typed' | 'opencode'
  /** How a text of the entry names a variable of the client's own environment; none where it cannot. */
  variable?: 'claude' | 'env:' | '{env:' | 'shell'
  /** Whether it opens a link that installs an entry. */
  link?: 'vscode' | 'cursor'
  /** What becomes of a file that is JSON but for this: it is read all the same, or not at all, or nobody could tell. */
  oddities: { readonly [oddity in Oddity]: 'read' | 'refused' | 'unsure' }
  /** Whether a server is given the variables of the terminal that the client was started in. */
  inherits: boolean
  /** The person's own file first, in this file's notation; see {@link resolvePlace}. */
  places: { readonly [platform in Platform]: readonly string[] }
  /** The place in the client's menus that opens the person's own file. */
  opens?: string
  /** How the client takes notice of a change. */
  reload: string
}

export type ClientName =
  | 'claude-desktop'
  | 'claude-code'
  | 'vscode'
  | 'cursor'
  | 'codex'
  | 'gemini-cli'
  | 'opencode'
  | 'windsurf'
  | 'zed'
  | 'cline'

/** What JSON does not have, and some parsers let through. */
export type Oddity = 'comment' | 'comma' | 'byte order mark'

export type Platform = 'darwin' | 'win32' | 'linux'

export const platformNames: { readonly [platform in Platform]: string } = {
  darwin: 'macOS',
  win32: 'Windows',
  linux: 'Linux',
}

/** The values of an entry that only the person knows; in the order of the README's table. */
export const placeholders = {
  DID_MCP_LOGIN: 'YOUR-API-USER',
  DID_MCP_SECRET_FILE: '/FULL/PATH/TO/A/FILE/WITH/THE/SECRET',
} as const

/** What of a system decides where files are; handed in, so that a test can be any system. */
export interface System {
  platform: Platform
  home: string
  folder: string
  env: Readonly<Record<string, string | undefined>>
  /** Names in a folder; none where it cannot be read. */
  list(path: string): readonly string[]
}

export function thisSystem(env: System['env']): System {
  const { platform } = process
  return {
    platform: platform === 'darwin' || platform === 'win32' ? platform : 'linux',
    home: homedir(),
    folder: process.cwd(),
    env,
    list(path) {
      try {
        return readdirSync(path)
      } catch {
        return []
      }
    },
  }
}

/**
 * The paths that a place stands for on this system: `~` is the person's home, `./` the present folder, `%NAME%` a
 * variable, and a part that ends with `*` every folder that begins so. None where there is no such folder or variable.
 */
export function resolvePlace(place: string, { home, folder, env, list }: System): string[] {
  const [first = '', ...parts] = place.split('/')
  const root = first === '~' ? home : first === '.' ? folder : env[first.replaceAll('%', '')]
  if (!root) return []
  return parts.reduce<string[]>(
    (paths, part) =>
      paths.flatMap((path) => {
        if (!part.endsWith('*')) return join(path, part)
        const names = list(path).filter((name) => name.startsWith(part.slice(0, -1)))
        return names.map((name) => join(path, name))
      }),
    [root],
  )
}
