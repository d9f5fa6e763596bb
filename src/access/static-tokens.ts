import { createHash, timingSafeEqual } from 'node:crypto'
import { type Principal, scopesOf } from './principal.ts'
import type { Recognize } from './wall.ts'

/** A file of static tokens, as the system has it. */
export interface TokensFile {
  /** The file's text. Throws where it cannot be read. */
  read(): string
  /** Differs whenever the file changed. Throws where it cannot be looked at. */
  stamp(): string
  /** Whether anybody but its owner may read or write it. */
  open(): boolean
}

/**
 * Recognizes the tokens of a file, which is read again when it changes. While it is not as it should be, none is known.
 *
 * @param warn told once for each state of a file that is wrong
 */
export function staticTokens(file: TokensFile, warn: (problem: string) => void): Recognize {
  let held: { stamp: string | undefined; tokens: readonly KnownToken[] } | undefined
  return async (token) => {
    const stamp = stampOf(file)
    if (held === undefined || held.stamp !== stamp || stamp === undefined) {
      const was = held
      const read = readTokens(file)
      held = { stamp, tokens: 'tokens' in read ? read.tokens : [] }
      if ('problem' in read && (was === undefined || was.stamp !== stamp)) warn(read.problem)
    }
    const digest = createHash('sha256').update(token).digest()
    // Each is compared, so that the time tells nothing of which one it was.
    return held.tokens.reduce<Principal | undefined>(
      (found, known) => (timingSafeEqual(known.digest, digest) ? known.principal : found),
      undefined,
    )
  }
}

interface KnownToken {
  digest: Buffer
  principal: Principal
}

/** Reads the file whole, or says what is wrong with it; no digest is in any message. */
export function readTokens(file: TokensFile): { tokens: readonly KnownToken[] } | { problem: string } {
  let json: unknown
  try {
    if (file.open()) return { problem: 'others than its owner may read it: take that right away (chmod 600)' }
    json = JSON.parse(file.read())
  } catch (error) {
    return { problem: error instanceof SyntaxError ? 'it is not JSON' : 'it cannot be read' }
  }
  if (!Array.isArray(json)) return { problem: 'it must be a list: [{ "sha256": …, "name": …, "scopes": […] }]' }
  const tokens: KnownToken[] = []
  for (const [index, entry] of json.entries()) {
    const problem = problemIn(entry)
    if (problem !== undefined) return { problem: `entry ${index + 1}: ${problem}` }
    const { sha256, name, scopes } = entry as { sha256: string; name: string; scopes: string[] }
    tokens.push({ digest: Buffer.from(sha256, 'hex'), principal: { name: `token:${name}`, scopes: scopesOf(scopes) } })
  }
  const twice = tokens.find(({ digest }, index) => tokens.some((one, at) => at < index && one.digest.equals(digest)))
  return twice === undefined ? { tokens } : { problem: `the token of ${twice.principal.name} stands twice` }
}

function problemIn(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return 'it must be an object'
  const { sha256, name, scopes, ...others } = entry as Record<string, unknown>
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) return `unknown key ${JSON.stringify(unknown.slice(0, 60))} (known: sha256, name, scopes)`
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/i.test(sha256)) return 'sha256 must be 64 hexadecimal digits'
  if (typeof name !== 'string' || !/^[\w.@-]{1,64}$/.test(name))
    return 'name must be 1 to 64 letters, digits, ".", "@", "_" or "-"'
  const known = Array.isArray(scopes) && scopes.length > 0 && scopesOf(scopes).size === scopes.length
  return known ? undefined : 'scopes must be a list of "did:read" and "did:write"'
}

function stampOf(file: TokensFile): string | undefined {
  try {
    return file.stamp()
  } catch {
    return undefined
  }
}
