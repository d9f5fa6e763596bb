import http from 'node:http'
import type net from 'node:net'

/**
 * Opens a connection to a host through an HTTP proxy, by CONNECT: what goes over it afterwards, TLS first, is for the host
 * alone. The proxy's password is in no error.
 *
 * @param proxy `http://`, perhaps with user and password
 * @param signal gives the opening up
 * @throws an error with a code of the system, or ProxyRefused
 */
export function openTunnel(
  proxy: URL,
  { host, port }: { host: string; port: number },
  signal: AbortSignal,
): Promise<net.Socket> {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const request = http.request({
    method: 'CONNECT',
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: Number(proxy.port || 80),
    path: authority,
    headers: { host: authority, ...credentialsFor(proxy) },
    agent: false,
    signal,
  })
  return new Promise((resolve, reject) => {
    request.once('connect', ({ statusCode = 0 }, socket: net.Socket, head) => {
      const stands = statusCode >= 200 && statusCode < 300
      // A carrier that was not asked yet has nothing to say.
      if (stands && head.length === 0) return resolve(socket)
      socket.destroy()
      reject(new ProxyRefused(stands ? 'speaks before it is asked' : `answered with HTTP ${statusCode}`, statusCode))
    })
    request.once('error', (error) => reject(proxyFailure(error)))
    request.end()
  })
}

/** The reason why a proxy opened no connection, in words that hold nothing of its address. */
export class ProxyRefused extends Error {
  readonly code = 'PROXY'

  /** @param status the HTTP status; 0 where there was no answer */
  constructor(why: string, status: number) {
    const next = status === 407 ? 'It wants a user and a password that it knows: check those in DID_MCP_PROXY' : checkIt
    super(`The proxy ${why} and opened no connection to the carrier. ${next}. Nothing was sent`)
  }
}

const checkIt = 'Check DID_MCP_PROXY, and whether the proxy lets this machine through to the carrier'

function proxyFailure(error: Error): Error {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'ERROR'
  return new ProxyRefused(`could not be reached (${code})`, 0)
}

function credentialsFor({ username, password }: URL): http.OutgoingHttpHeaders {
  if (username === '' && password === '') return {}
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` }
}
