import { describe, expect, test } from 'vitest'
import { judgeCertificate, judgeClock, judgeNoConnection, type Shown } from '../../src/doctor/check-network.ts'

const now = Date.UTC(2026, 0, 5, 9)
const day = 86_400_000

describe('no connection', () => {
  const closed = 'Nothing listens on that port: check DID_MCP_ENDPOINT.'
  const judge = (code: string, name: string, proxy = '') =>
    judgeNoConnection(code, { host: name.replace(/[[\]]/g, ''), name, port: 8443, call: 'node main.js', proxy })

  test('a closed port is no firewall', () => {
    const what = 'no connection to carrier.example:8443 (ECONNREFUSED)'
    expect(judge('ECONNREFUSED', 'carrier.example')).toEqual({ verdict: 'failed', what, next: closed })
    expect(judge('ECONNREFUSED', 'carrier.example', ' HTTPS_PROXY is set.').next).toBe(`${closed} HTTPS_PROXY is set.`)
  })

  test.each(['127.0.0.1', 'localhost', '[::1]'])('on %s it is the sandbox’s perhaps', (name) => {
    expect(judge('ECONNREFUSED', name)).toMatchObject({
      next: `${closed} If it is the sandbox, is it running? This starts it:`,
      run: 'node main.js sandbox --port 8443',
    })
  })

  test.each(['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'])('%s may be one', (code) => {
    expect(judge(code, 'carrier.example', ' HTTPS_PROXY is set.')).toEqual({
      verdict: 'failed',
      what: `no connection to carrier.example:8443 (${code})`,
      next: 'A firewall may be in the way: let this machine connect to port 8443. HTTPS_PROXY is set.',
    })
  })
})

describe('a certificate', () => {
  const shown: Shown = {
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

describe('the clock', () => {
  const agrees = { verdict: 'ok', what: "agrees with the carrier's within a minute" }
  const wrong = (what: string) => ({
    verdict: 'warning',
    what,
    next: 'Set the clock of this machine by a time server (NTP).',
  })

  test.each([
    ['the same', 0, agrees],
    ['a minute ahead', 60_000, agrees],
    ['a minute behind', -60_000, agrees],
    ['more than that ahead', 61_000, wrong('this machine is 61 s ahead of the carrier')],
    ['more than that behind', -61_000, wrong('this machine is 61 s behind the carrier')],
    ['a year ahead', 365 * day, wrong('this machine is 31536000 s ahead of the carrier')],
  ])('%s', (_, ahead, finding) => {
    // The carrier's header was cut to its second, half of one ago on average.
    const asked = now + ahead + 500
    expect(judgeClock(now, asked, asked)).toEqual(finding)
  })

  test('an answer that took long is taken at the middle of its way', () => {
    expect(judgeClock(now + 50_000, now, now + 100_000)).toEqual(agrees)
    expect(judgeClock(now + 200_000, now, now + 100_000)).toEqual(wrong('this machine is 150 s behind the carrier'))
  })

  test('an answer without a date', () => {
    expect(judgeClock(Number.NaN, now, now)).toEqual({ verdict: 'skipped', what: 'the carrier does not tell its time' })
  })
})
