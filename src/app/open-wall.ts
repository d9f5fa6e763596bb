import { statSync } from 'node:fs'
import { scopes } from '../access/principal.ts'
import { readTokens, staticTokens, type TokensFile } from '../access/static-tokens.ts'
import { type Recognize, type Wall, wallOf } from '../access/wall.ts'
import { thisMachine } from '../config/machine.ts'
import type { ServedOverHttp } from '../config/read-config.ts'
import { isLoopback } from '../domain/loopback.ts'
import type { Logger } from '../log.ts'

/** The wall of a server over HTTP, and what it tells clients that look for its issuer, by the path where that stands. */
export interface OpenWall {
  wall: Wall
  documents: Readonly<Record<string, object>>
}

/** Everything that keeps a server from being served as it is set; none: it may be. */
export function whyNotServed({ publicUrl, oauth, tokensFile }: ServedOverHttp, host: string): string[] {
  const problems: string[] = []
  if (oauth === undefined && tokensFile === undefined) {
    const need =
      'whoever reaches it could buy and release numbers without a login. Set DID_MCP_TOKENS_FILE, or DID_MCP_OAUTH_ISSUER and DID_MCP_OAUTH_AUDIENCE'
    if (!isLoopback(host)) problems.push(`--host ${host} is no loopback address: ${need}`)
    if (publicUrl !== undefined && !isLoopback(publicUrl.hostname)) {
      problems.push(`DID_MCP_PUBLIC_URL ${publicUrl.origin} is no loopback address: ${need}`)
    }
  }
  if (tokensFile !== undefined) {
    const read = readTokens(fileAt(tokensFile))
    if ('problem' in read) problems.push(`DID_MCP_TOKENS_FILE ${tokensFile}: ${read.problem}`)
  }
  return problems
}

/** @param url what clients call this server, `/mcp` and all */
export async function openWall({ oauth, tokensFile }: ServedOverHttp, url: URL, log: Logger): Promise<OpenWall> {
  const recognizers: Recognize[] = []
  if (tokensFile !== undefined) {
    const warn = (problem: string) =>
      log.warn('the tokens file is not as it should be; none of its tokens is taken', { problem })
    recognizers.push(staticTokens(fileAt(tokensFile), warn))
  }
  if (oauth === undefined) return { wall: wallOf(recognizers), documents: {} }
  const { oauthTokens } = await import('../access/oauth-tokens.ts')
  recognizers.push(oauthTokens(oauth))
  const path = '/.well-known/oauth-protected-resource'
  const metadata = {
    resource: String(url),
    authorization_servers: [oauth.issuer],
    scopes_supported: scopes,
    bearer_methods_supported: ['header'],
    resource_name: 'did-mcp',
  }
  return {
    wall: wallOf(recognizers, String(new URL(`${path}/mcp`, url))),
    documents: { [path]: metadata, [`${path}/mcp`]: metadata },
  }
}

/** The largest file that is read as a list of tokens, bytes. */
const mostBytes = 1 << 20

function fileAt(path: string): TokensFile {
  const machine = thisMachine()
  return {
    read: () => machine.read(path, mostBytes),
    stamp: () => `${machine.stamp(path)} ${statSync(path).mode}`,
    // Windows has no such bits: who may read it there is told by the folder's rights.
    open: () => process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0,
  }
}
