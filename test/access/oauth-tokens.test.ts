import { exportSPKI, SignJWT, UnsecuredJWT } from 'jose'
import { expect, test } from 'vitest'
import { oauthTokens } from '../../src/access/oauth-tokens.ts'
import { KeysAway, wallOf } from '../../src/access/wall.ts'
import { type Issuer, startIssuer } from './support/issuer.ts'

const audience = 'https://did.example.com/mcp'
const now = () => Math.floor(Date.now() / 1000)
const recognizing = ({ issuer }: Issuer, cooldownMs = 0) => oauthTokens({ issuer, audience, cooldownMs })

test('a token of the issuer for this server is its subject, with the rights that mean something here', async () => {
  await using issuer = await startIssuer()
  const who = await recognizing(issuer)(await issuer.token(audience, 'did:read did:approve'))
  expect(who).toEqual({ name: `oauth:${issuer.issuer}#agent`, scopes: new Set(['did:read']) })
})

test('a token that is not for here, or not from there, or no more, is nobody’s', async () => {
  await using issuer = await startIssuer()
  await using stranger = await startIssuer()
  const recognize = recognizing(issuer)
  const claims = { iss: issuer.issuer, sub: 'agent', aud: audience, scope: 'did:read', exp: now() + 60 }
  const publicKey = new TextEncoder().encode(await exportSPKI(issuer.publicKey()))
  const [head, body, signature] = (await issuer.signed({ aud: audience })).split('.')
  const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'root' })).toString('base64url')
  const bad = {
    expired: await issuer.signed({ aud: audience, exp: now() - 31 }),
    'of no end': await issuer.signed({ aud: audience, exp: undefined }),
    'not valid yet': await issuer.signed({ aud: audience, nbf: now() + 60 }),
    'for another replica': await issuer.token('https://other.example.com/mcp'),
    'for a longer name': await issuer.signed({ aud: `${audience}/` }),
    'for nobody': await issuer.signed({}),
    'of another issuer': await stranger.token(audience),
    'that names another issuer': await issuer.signed({ aud: audience, iss: stranger.issuer }),
    'signed by another for this issuer': await stranger.signed({ aud: audience, iss: issuer.issuer }),
    unsigned: new UnsecuredJWT(claims).encode(),
    'signed with the public key': await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
      .sign(publicKey),
    changed: [head, forged, signature].join('.'),
    'cut short': [head, body, ''].join('.'),
    'of a subject that a terminal would obey': await issuer.signed({ aud: audience, sub: 'a\u001b[2J' }),
    'of no subject': await issuer.signed({ aud: audience, sub: undefined }),
    'no token': 'a.b.c',
  }
  for (const [what, token] of Object.entries(bad)) {
    expect(await recognize(token), what).toBeUndefined()
  }
  // A clock that is half a minute off is no crime.
  expect(await recognize(await issuer.signed({ aud: audience, exp: now() - 20 }))).toBeDefined()
})

test('after the issuer changed its key, the new one serves and the old one does not', async () => {
  await using issuer = await startIssuer()
  const recognize = recognizing(issuer)
  const old = await issuer.token(audience)
  expect(await recognize(old)).toBeDefined()
  await issuer.rotate()
  expect(await recognize(await issuer.token(audience))).toBeDefined()
  expect(await recognize(old)).toBeUndefined()
})

test('an issuer that is away takes nothing from the tokens whose key is known, and judges no other', async () => {
  await using issuer = await startIssuer()
  const [known, fresh] = [recognizing(issuer), recognizing(issuer)]
  const token = await issuer.token(audience)
  expect(await known(token)).toBeDefined()
  await issuer.leave()
  expect(await known(token)).toBeDefined()
  await expect(fresh(token)).rejects.toThrow(KeysAway)
  expect(await wallOf([fresh]).admit(`Bearer ${token}`)).toMatchObject({
    refused: { status: 503, headers: { 'retry-after': '5' } },
  })
  // What could never be good is said to be none, away or not.
  expect(await fresh(new UnsecuredJWT({ sub: 'agent' }).encode())).toBeUndefined()
})
