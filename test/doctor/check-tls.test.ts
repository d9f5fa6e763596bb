import { describe, expect, test } from 'vitest'
import { judgeCertificate, type ShownCertificate } from '../../src/doctor/check-tls.ts'

const now = Date.UTC(2026, 0, 5, 9)
const day = 86_400_000

describe('a certificate', () => {
  const shown: ShownCertificate = {
    host: 'carrier.example',
    protocol: 'TLSv1.3',
    issuer: { O: 'A Trusted CA', CN: 'R11' },
    subject: { CN: '*.carrier.example' },
    until: 'Mar  1 12:00:00 2026 GMT',
    refusal: undefined,
  }
  const seen = 'TLSv1.3, certificate of *.carrier.example by A Trusted CA'

  test('that is trusted, for a while', () => {
    expect(judgeCertificate(shown, now)).toEqual({ verdict: 'ok', what: `${seen}, until Mar  1 12:00:00 2026 GMT` })
  })

  test.each([
    [14 * day, 'ok', ''],
    [14 * day - 1000, 'warning', ': 13 days left'],
    [day, 'warning', ': 1 days left'],
    [1000, 'warning', ': 0 days left'],
  ])('that ends in %s ms: %s', (left, verdict, more) => {
    const until = new Date(now + left).toUTCString()
    expect(judgeCertificate({ ...shown, until }, now)).toEqual({
      verdict,
      what: `${seen}, until ${until}${more}`,
      ...(more && { next: 'Tell the carrier.' }),
    })
  })

  const clock = "Check this machine's clock; if it is right, tell the carrier."
  const proxy =
    'A proxy that opens TLS may be in the way. If it is your own, name its CA file in NODE_EXTRA_CA_CERTS; ' +
    'if not, do not send the secret from here.'
  test.each([
    ['CERT_HAS_EXPIRED', clock],
    ['CERT_NOT_YET_VALID', clock],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'Check the host in DID_MCP_ENDPOINT: the certificate is for another one.'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', proxy],
    ['SELF_SIGNED_CERT_IN_CHAIN', proxy],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', proxy],
  ])('that is not trusted: %s', (refusal, next) => {
    expect(judgeCertificate({ ...shown, refusal }, now)).toEqual({
      verdict: 'failed',
      what: `${seen}, until Mar  1 12:00:00 2026 GMT: not trusted (${refusal})`,
      next,
    })
  })

  test('that names nobody, and one that names several', () => {
    expect(judgeCertificate({ ...shown, issuer: undefined, subject: undefined }, now).what).toMatch(
      /^TLSv1\.3, certificate of carrier\.example by unknown, until /,
    )
    expect(judgeCertificate({ ...shown, issuer: { CN: ['A', 'B'] }, subject: { CN: ['c', 'd'] } }, now).what).toMatch(
      /^TLSv1\.3, certificate of c, d by A, B, until /,
    )
  })
})
