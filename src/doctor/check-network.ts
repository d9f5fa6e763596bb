import { lookup } from 'node:dns/promises'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import tls from 'node:tls'
import { isLoopback } from '../domain/loopback.ts'
import { codeOf, type Finding } from './check.ts'
import type { Patient } from './patient.ts'

/** For each step of a connection, in milliseconds. */
const patienceMs = 10_000

export async function dns({ endpoint, env }: Patient): Promise<Finding> {
  const { host, name } = addressOf(await endpoint())
  if (net.isIP(host) !== 0) return { verdict: 'ok', what: `${host} is an address, there is no name to look up` }
  try {
    const addresses = await lookup(host, { all: true })
    const shown = addresses.slice(0, 4).map(({ address }) => address)
    const more = addresses.length > 4 ? ` and ${addresses.length - 4} more` : ''
    return { verdict: 'ok', what: `${name} is ${shown.join(', ')}${more}` }
  } catch (error) {
    const next = `Check DID_MCP_ENDPOINT, the network and its name server.${aboutProxy(env)}`
    return { verdict: 'failed', what: `${host} has no address here (${codeOf(error)})`, next }
  }
}

export async function tcp({ endpoint, env, person }: Patient): Promise<Finding> {
  const address = addressOf(await endpoint())
  const { host, port } = address
  const began = performance.now()
  const socket = net.connect({ host, port })
  try {
    await event(socket, 'connect')
    const ms = Math.round(performance.now() - began)
    return { verdict: 'ok', what: `${host}:${port} takes connections, after ${ms} ms` }
  } catch (error) {
    return judgeNoConnection(codeOf(error), { ...address, call: person.call, proxy: aboutProxy(env) })
  } finally {
    socket.destroy()
  }
}

/**
 * @param code the system's
 * @param there.call how a person starts this program
 * @param there.proxy what there is to say of one, with a space before it
 */
export function judgeNoConnection(
  code: string,
  { host, name, port, call, proxy }: { host: string; name: string; port: number; call: string; proxy: string },
): Finding {
  const what = `no connection to ${host}:${port} (${code})`
  if (code !== 'ECONNREFUSED') {
    const next = `A firewall may be in the way: let this machine connect to port ${port}.${proxy}`
    return { verdict: 'failed', what, next }
  }
  const next = 'Nothing listens on that port: check DID_MCP_ENDPOINT.'
  if (!isLoopback(name)) return { verdict: 'failed', what, next: `${next}${proxy}` }
  const run = `${call} sandbox --port ${port}`
  return { verdict: 'failed', what, next: `${next} If it is the sandbox, is it running? This starts it:`, run }
}

export async function certificate({ endpoint }: Patient): Promise<Finding> {
  const { host, port, secure } = addressOf(await endpoint())
  if (!secure) return { verdict: 'skipped', what: 'nothing to check: plain HTTP, on loopback alone' }
  const name = net.isIP(host) === 0 ? { servername: host } : {}
  // Let in without a judgement, because it is the judgement that is to be read. Nothing is sent.
  const socket = tls.connect({ host, port, ...name, rejectUnauthorized: false })
  try {
    await event(socket, 'secureConnect')
    const { issuer, subject, valid_to: until } = socket.getPeerCertificate()
    const refusal = socket.authorized ? undefined : String(socket.authorizationError).replace(/^Error: /, '')
    const seen = { host, protocol: socket.getProtocol(), issuer, subject, until, refusal }
    return judgeCertificate(seen, Date.now())
  } catch (error) {
    const next = 'What answers there may not speak TLS: check DID_MCP_ENDPOINT, and proxies on the way.'
    return { verdict: 'failed', what: `no TLS connection (${codeOf(error)})`, next }
  } finally {
    socket.destroy()
  }
}

/** What the other side of a TLS connection showed. */
export interface Shown {
  /** Who was asked for. */
  host: string
  protocol: string | null
  /** As far as the certificate names them. */
  issuer: Partial<tls.Certificate> | undefined
  subject: Partial<tls.Certificate> | undefined
  /** The certificate's end, in its own words: `Dec 31 23:59:59 2026 GMT`. */
  until: string
  /** Why it is not trusted, OpenSSL's or Node's code; undefined where it is. */
  refusal: string | undefined
}

/** A certificate that ends sooner is worth a word. */
const soonDays = 14

/** @param now milliseconds since 1970 */
export function judgeCertificate({ host, protocol, issuer, subject, until, refusal }: Shown, now: number): Finding {
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

/** Beyond this, journals and tickets tell misleading times. */
const driftSeconds = 60

export async function clock({ endpoint }: Patient): Promise<Finding> {
  const asked = Date.now()
  const date = await dateHeader(await endpoint()).catch(() => Number.NaN)
  return judgeClock(date, asked, Date.now())
}

/**
 * @param date what the other side said, between `asked` and `answered`; NaN where it said nothing. All in milliseconds
 *   since 1970.
 */
export function judgeClock(date: number, asked: number, answered: number): Finding {
  if (Number.isNaN(date)) return { verdict: 'skipped', what: 'the carrier does not tell its time' }
  // The header has whole seconds; the middle of both uncertainties is the fairest guess.
  const seconds = Math.round((asked + answered) / 2000 - (date + 500) / 1000)
  if (Math.abs(seconds) <= driftSeconds) return { verdict: 'ok', what: "agrees with the carrier's within a minute" }
  const next = 'Set the clock of this machine by a time server (NTP).'
  const side = seconds > 0 ? 'ahead of' : 'behind'
  return { verdict: 'warning', what: `this machine is ${Math.abs(seconds)} s ${side} the carrier`, next }
}

/** From any answer at all: no credentials are sent, so none is needed. */
function dateHeader(endpoint: URL): Promise<number> {
  const { host, port, secure } = addressOf(endpoint)
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).request(
      { host, port, path: endpoint.pathname, method: 'HEAD', timeout: patienceMs, agent: false },
      (response) => {
        resolve(Date.parse(response.headers.date ?? ''))
        response.destroy()
      },
    )
    request.on('timeout', () => request.destroy(new Error('ETIMEDOUT')))
    request.on('error', reject)
    request.end()
  })
}

function addressOf(endpoint: URL) {
  const secure = endpoint.protocol === 'https:'
  const host = endpoint.hostname.replace(/^\[|\]$/g, '')
  return { host, name: endpoint.hostname, port: Number(endpoint.port || (secure ? 443 : 80)), secure }
}

function event(socket: net.Socket, name: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(patienceMs, () => reject(Object.assign(new Error('too slow'), { code: 'ETIMEDOUT' })))
    socket.once('error', reject)
    socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
    socket.once(name, () => resolve())
  })
}

function aboutProxy(env: Patient['env']): string {
  const name = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'].find((one) => env[one])
  return name === undefined ? '' : ` ${name} is set, but did-mcp connects directly and uses no proxy.`
}
