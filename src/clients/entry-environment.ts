import { basename, dirname, isAbsolute } from 'node:path'
import { readVariables } from '../config/variables.ts'
import { placeholders, type System } from './clients.ts'

export interface ClientEnvironment {
  /** The variables of the entry: what is set here and may be shown, and placeholders where it is for one's own account. */
  env: Readonly<Record<string, string>>
  /** The reasons why a variable that is set here is not in the entry; no secret is in any. */
  left: readonly string[]
}

/** What of the variables that are set here goes into an entry. */
export function clientEnvironment(here: System['env'], list: System['list']): ClientEnvironment {
  const { problems } = readVariables(here)
  // Each problem begins with the name of its variable.
  const wrong = new Set(problems.map((problem) => problem.split(' ', 1)[0]))
  const right = (name: string) => Boolean(here[name]) && !wrong.has(name)
  const path = aboutPath(here.DID_MCP_SECRET_FILE, list)
  const carried = shown
    .filter((name) => right(name) && (name !== 'DID_MCP_SECRET_FILE' || path === undefined))
    .map((name): [string, string] => [name, here[name] ?? ''])
  const account = [...opening, 'DID_MCP_SECRET_FILE', 'DID_MCP_ENDPOINT'].some((name) => here[name])
  const secret = opening.filter(right)
  return {
    // The login is a placeholder too: it is half of what opens the account.
    env: { ...(account ? placeholders : {}), ...Object.fromEntries(carried) },
    left: [
      ...(secret.length > 0 ? [`${secret.join(', ')}: what opens the account is not shown`] : []),
      ...(right('DID_MCP_DATABASE_URL') ? [aboutDatabase] : []),
      ...(path === undefined ? [] : [path]),
      ...problems,
    ],
  }
}

const opening = ['DID_MCP_LOGIN', 'DID_MCP_SECRET'] as const

/** What may stand in a file that others see. */
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

const aboutDatabase =
  'DID_MCP_DATABASE_URL: it may hold a password, so it is not shown. Add it to "env" yourself: without it the server ' +
  'that this client starts keeps a journal of its own, in SQLite'

/** What is wrong with the path of the secret, here or where a client starts; never the path, which may be the secret. */
function aboutPath(path: string | undefined, list: System['list']): string | undefined {
  if (!path) return undefined
  if (isAbsolute(path) && !list(dirname(path)).includes(basename(path))) {
    return 'DID_MCP_SECRET_FILE names no file: it must be the path of one, and not the secret itself'
  }
  if (isAbsolute(path)) return undefined
  return path.startsWith('~')
    ? 'DID_MCP_SECRET_FILE begins with ~, which is not expanded: write the full path'
    : 'DID_MCP_SECRET_FILE is a relative path, and a client starts in another folder: write the full path'
}
