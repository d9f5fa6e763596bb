import { anonymous, type Principal, scopes, type TokenScope } from './principal.ts'

/** Why a request goes no further, as HTTP says it. */
interface TurnedAway {
  status: number
  words: string
  headers: Readonly<Record<string, string>>
}

/**
 * Who a token is. Undefined: this issuer of tokens does not know it.
 *
 * @throws KeysAway where that cannot be told now
 */
export type Recognize = (token: string) => Promise<Principal | undefined>

/** The keys that a token is proved by cannot be had. It may be good: whoever sent it tries again. */
export class KeysAway extends Error {
  override readonly name = 'KeysAway'
}

/** The wall before everything that a caller could learn or do. */
export interface Wall {
  admit(authorization: string | undefined): Promise<{ who: Principal } | { refused: TurnedAway }>
  /** Why this principal may not do what needs these scopes; undefined: it may. */
  lacks(who: Principal, needed: readonly TokenScope[]): TurnedAway | undefined
}

/**
 * @param recognizers each is asked in turn; where there is none, nobody needs a token
 * @param metadataUrl where the metadata of this resource stands, for a client that has to find its issuer
 */
export function wallOf(recognizers: readonly Recognize[], metadataUrl?: string): Wall {
  const challenge = (facts: Readonly<Record<string, string>>) => {
    const all = { ...(metadataUrl !== undefined && { resource_metadata: metadataUrl }), ...facts }
    const parts = Object.entries(all).map(([name, value]) => `${name}="${value}"`)
    return { 'www-authenticate': `Bearer ${parts.join(', ')}` }
  }
  const unknown = (words: string, facts: Readonly<Record<string, string>>): { refused: TurnedAway } => ({
    refused: { status: 401, words, headers: challenge({ ...facts, scope: scopes.join(' ') }) },
  })
  const lacks = (who: Principal, needed: readonly TokenScope[]): TurnedAway | undefined => {
    if (needed.every((scope) => who.scopes.has(scope))) return undefined
    const scope = needed.join(' ')
    return {
      status: 403,
      words: `This token lacks a right that is needed: ${scope}. Nothing was done.`,
      headers: challenge({ error: 'insufficient_scope', scope }),
    }
  }
  return {
    lacks,
    async admit(authorization) {
      if (recognizers.length === 0) return { who: anonymous }
      if (authorization === undefined) return unknown('A token is needed: Authorization: Bearer …', {})
      const token = /^Bearer +([A-Za-z0-9._~+/=-]{1,8192})$/i.exec(authorization)?.[1]
      if (token === undefined)
        return unknown('The Authorization header holds no bearer token.', { error: 'invalid_request' })
      try {
        for (const recognize of recognizers) {
          const who = await recognize(token)
          if (who === undefined) continue
          const refused = lacks(who, ['did:read'])
          return refused === undefined ? { who } : { refused }
        }
      } catch (error) {
        if (!(error instanceof KeysAway)) throw error
        return {
          refused: {
            status: 503,
            words: 'The token cannot be checked now: its issuer is away. Try again.',
            headers: { 'retry-after': '5' },
          },
        }
      }
      return unknown('This token is not one that is taken here, or is no more.', { error: 'invalid_token' })
    },
  }
}
