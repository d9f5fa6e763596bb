import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { isLoopback } from '../domain/loopback.ts'
import { type Principal, scopesOf } from './principal.ts'
import { KeysAway, type Recognize } from './wall.ts'

export interface OAuthIssuer {
  /** The issuer as it stands in its tokens, to the letter. */
  issuer: string
  /** The name for which its tokens must be: a token for another server is none here. */
  audience: string
  /** How long keys are not asked for again after they were, milliseconds; ten seconds unless told. */
  cooldownMs?: number | undefined
}

/** How far the clocks of issuer and server may be apart, seconds. */
const skewSeconds = 30

/** How long one request to the issuer may take, milliseconds. */
const issuerMs = 5000

/** Signatures that only the issuer can make: none that a secret shared with us, or its public key, could. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

/**
 * Recognizes the access tokens of an OAuth 2.1 issuer, as JWTs. Its keys are found by its metadata at the first token,
 * kept for ten minutes, and asked for again when a token names one that is not known.
 */
export function oauthTokens({ issuer, audience, cooldownMs = 10_000 }: OAuthIssuer): Recognize {
  let keys: Promise<JWTVerifyGetKey> | undefined
  let failedAt = Number.NEGATIVE_INFINITY
  const keysOfIssuer = async () => {
    // An issuer that is away is not asked by every token that comes.
    if (performance.now() - failedAt < cooldownMs) throw new KeysAway()
    keys ??= findKeys(issuer, cooldownMs)
    try {
      return await keys
    } catch (error) {
      keys = undefined
      failedAt = performance.now()
      throw error
    }
  }
  return async (token) => {
    // What is no JWT costs no request to the issuer.
    if (token.split('.').length !== 3) return undefined
    const getKey: JWTVerifyGetKey = async (header, input) => (await keysOfIssuer())(header, input)
    try {
      const { payload } = await jwtVerify(token, getKey, {
        issuer,
        audience,
        algorithms,
        clockTolerance: skewSeconds,
        requiredClaims: ['exp', 'sub'],
      })
      return principalOf(issuer, payload)
    } catch (error) {
      if (isAway(error)) throw new KeysAway()
      if (error instanceof errors.JOSEError) return undefined
      throw error
    }
  }
}

function principalOf(issuer: string, { sub = '', scope, scp }: JWTPayload): Principal | undefined {
  // What a terminal or a log would obey is in no name of a person or an agent.
  if (!/^[^\s\p{C}]{1,255}$/u.test(sub)) return undefined
  const names = [scope, scp].flatMap((one) =>
    typeof one === 'string' ? one.split(' ') : Array.isArray(one) ? one : [],
  )
  return { name: `oauth:${issuer}#${sub}`, scopes: scopesOf(names) }
}

/** Whether a token could not be checked, which says nothing of it. */
function isAway(error: unknown): boolean {
  if (error instanceof KeysAway || error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid)
    return true
  // jose's own for an answer of the issuer that is none, and fetch's for no answer.
  return (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC') || error instanceof TypeError
}

async function findKeys(issuer: string, cooldownDuration: number): Promise<JWTVerifyGetKey> {
  for (const address of metadataAddresses(issuer)) {
    const metadata = await read(address)
    if (metadata === undefined) continue
    const { issuer: named, jwks_uri: at } = metadata
    if (named !== issuer || typeof at !== 'string' || !isSafe(at)) continue
    return createRemoteJWKSet(new URL(at), { cooldownDuration, timeoutDuration: issuerMs, cacheMaxAge: 600_000 })
  }
  throw new KeysAway()
}

/** RFC 8414 puts the well-known part before the issuer's path, OpenID Connect Discovery after it. */
function metadataAddresses(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  return [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/openid-configuration${path}`,
  ].filter((address, index, all) => all.indexOf(address) === index)
}

async function read(address: string): Promise<Record<string, unknown> | undefined> {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(issuerMs), redirect: 'error' })
    const value: unknown = answer.ok ? await answer.json() : undefined
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** Whether nobody between us and the issuer could put keys of their own in place of its keys. */
function isSafe(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname } = new URL(address)
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
}
