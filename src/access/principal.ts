/** What a token may: ask, and write as well. */
export const scopes = ['did:read', 'did:write'] as const

export type TokenScope = (typeof scopes)[number]

/** Whoever sends a request, as its token proves. */
export interface Principal {
  /** `token:NAME`, or `oauth:ISSUER#SUBJECT`; `anonymous` where no token is wanted. */
  readonly name: string
  readonly scopes: ReadonlySet<TokenScope>
}

/** Whoever asks a server that knows neither issuer nor tokens: it is on loopback alone. */
export const anonymous: Principal = { name: 'anonymous', scopes: new Set(scopes) }

/** The scopes that mean something here; a right to approve is none for whoever calls tools. */
export function scopesOf(names: readonly unknown[]): ReadonlySet<TokenScope> {
  return new Set(scopes.filter((scope) => names.includes(scope)))
}
