import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, type GenerateKeyPairResult, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { Provider } from 'oidc-provider'

/** An authorization server as companies run one, on loopback; it gives tokens to a machine that has a secret. */
export interface Issuer extends AsyncDisposable {
  readonly issuer: string
  /** A token as it gives them. */
  token(audience: string, scope?: string): Promise<string>
  /** A token that it signed, with these claims beside or in place of its own. */
  signed(claims: { [name in keyof JWTPayload]: JWTPayload[name] | undefined }): Promise<string>
  /** Its public key, as anybody may have it. */
  publicKey(): CryptoKey
  /** From now on it signs with another key, and publishes that alone. */
  rotate(): Promise<void>
  /** It answers nothing any more. */
  leave(): Promise<void>
}

const client = { id: 'agent', secret: 'a-secret-of-the-client' }

export async function startIssuer(): Promise<Issuer> {
  let answer: ReturnType<Provider['callback']> | undefined
  const server: Server = createServer((request, response) => void answer?.(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let kid = 0
  let keys: GenerateKeyPairResult

  async function rotate(): Promise<void> {
    keys = await generateKeyPair('RS256', { extractable: true })
    kid++
    const key = { ...(await exportJWK(keys.privateKey)), kid: `key-${kid}`, alg: 'RS256', use: 'sig' }
    const provider = new Provider(issuer, {
      jwks: { keys: [key] },
      clients: [
        {
          client_id: client.id,
          client_secret: client.secret,
          grant_types: ['client_credentials'],
          redirect_uris: [],
          response_types: [],
        },
      ],
      scopes: ['did:read', 'did:write', 'did:approve'],
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: (_context: unknown, resource: string) => ({
            scope: 'did:read did:write did:approve',
            audience: resource,
            accessTokenFormat: 'jwt',
            accessTokenTTL: 60,
            jwt: { sign: { alg: 'RS256' } },
          }),
        },
      },
    })
    provider.on('server_error', (_context, error) => {
      throw error
    })
    answer = provider.callback()
  }

  async function leave(): Promise<void> {
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }

  await rotate()
  return {
    issuer,
    rotate,
    leave,
    publicKey: () => keys.publicKey,
    async token(resource, scope = 'did:read did:write') {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource, scope }),
      })
      const { access_token: token, ...rest } = (await response.json()) as { access_token?: string }
      if (token === undefined) throw new Error(`no token: ${JSON.stringify(rest)}`)
      return token
    },
    signed: (claims) => {
      const now = Math.floor(Date.now() / 1000)
      const standard = { iss: issuer, sub: 'agent', scope: 'did:read', iat: now, exp: now + 60 }
      return new SignJWT({ ...standard, ...claims } as JWTPayload)
        .setProtectedHeader({ alg: 'RS256', kid: `key-${kid}`, typ: 'at+jwt' })
        .sign(keys.privateKey)
    },
    async [Symbol.asyncDispose]() {
      if (server.listening) await leave()
    },
  }
}
