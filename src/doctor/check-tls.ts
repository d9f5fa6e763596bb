import net from 'node:net'
import tls from 'node:tls'
import { codeOf, type Finding } from './check.ts'
import { addressOf, connectionOf, event } from './network.ts'
import type { Patient } from './patient.ts'

/** Whether the carrier's certificate is one to be trusted. */
export async function certificate(patient: Patient): Promise<Finding> {
  const { host, secure } = addressOf(await patient.endpoint())
  if (!secure) return { verdict: 'skipped', what: 'nothing to check: plain HTTP, on loopback alone' }
  const name = net.isIP(host) === 0 ? { servername: host } : {}
  // The connection is let in without a judgement, because the judgement itself is what is to be read. Nothing is sent over
  // it.
  let socket: tls.TLSSocket | undefined
  try {
    socket = tls.connect({ socket: await connectionOf(patient), host, ...name, rejectUnauthorized: false })
    await event(socket, 'secureConnect')
    const { issuer, subject, valid_to: until } = socket.getPeerCertificate()
    const refusal = socket.authorized ? undefined : String(socket.authorizationError).replace(/^Error: /, '')
    const seen = { host, protocol: socket.getProtocol(), issuer, subject, until, refusal }
    return judgeCertificate(seen, Date.now())
  } catch (error) {
    const next = 'What answers there may not speak TLS: check DID_MCP_ENDPOINT, and proxies on the way.'
    return { verdict: 'failed', what: `no TLS connection (${codeOf(error)})`, next }
  } finally {
    socket?.destroy()
  }
}

/** The certificate that the other side of a TLS connection showed, with Node's judgement of it. */
export interface ShownCertificate {
  /** The host that was asked for. */
  host: string
  protocol: string | null
  /** The issuer, as far as the certificate names it. */
  issuer: Partial<tls.Certificate> | undefined
  subject: Partial<tls.Certificate> | undefined
  /** The certificate's end, in its own words: `Dec 31 23:59:59 2026 GMT`. */
  until: string
  /** The reason why it is not trusted, as OpenSSL's or Node's code; undefined where it is trusted. */
  refusal: string | undefined
}

/** The days that a certificate must have left to pass without a warning. */
const soonDays = 14

/**
 * Judges a certificate that was shown.
 *
 * @param now milliseconds since 1970
 */
export function judgeCertificate(
  { host, protocol, issuer, subject, until, refusal }: ShownCertificate,
  now: number,
): Finding {
  const by = [issuer?.O ?? issuer?.CN ?? 'unknown'].flat().join(', ')
  const seen = `${protocol}, certificate of ${[subject?.CN ?? host].flat().join(', ')} by ${by}, until ${until}`
  if (refusal !== undefined) {
    return { verdict: 'failed', what: `${seen}: not trusted (${refusal})`, next: remedy(refusal) }
  }
  const days = Math.floor((Date.parse(until) - now) / 86_400_000)
  if (days >= soonDays) return { verdict: 'ok', what: seen }
  return { verdict: 'warning', what: `${seen}: ${days} days left`, next: 'Tell the carrier.' }
}

function remedy(code: string): string {
  if (/EXPIRED|NOT_YET_VALID/.test(code)) return "Check this machine's clock; if it is right, tell the carrier."
  if (/ALTNAME|Hostname/.test(code)) return 'Check the host in DID_MCP_ENDPOINT: the certificate is for another one.'
  return (
    'A proxy that opens TLS may be in the way. If it is your own, name its CA file in NODE_EXTRA_CA_CERTS; ' +
    'if not, do not send the secret from here.'
  )
}
