import http from 'node:http'
import https from 'node:https'
import { pipeline } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import zlib from 'node:zlib'
import { CarrierError, type CarrierErrorKind } from '../errors.ts'
import { textOf, UnreadableText } from './text.ts'

interface Request {
  body: Buffer
  /** `http://tempuri.org/` + operation. */
  soapAction: string
  /** Ends the request at any stage: connecting, sending, waiting, reading. */
  signal: AbortSignal
  /** At most this many bytes of answer, on the wire and again decompressed. */
  maxBytes: number
  /** Changes something at the carrier: it must not meet a connection that may have gone stale. */
  write: boolean
  /** Called once, right before the first byte of the request may leave. What it throws stops the request. */
  sending(): void
}

export interface Transport {
  /**
   * Posts once, never twice, and hands the answer's text to `read` as it arrives.
   *
   * @returns the HTTP status: 200, or 500 (where SOAP puts faults).
   * @throws CarrierError, or what `read` throws.
   */
  post(request: Request, read: (text: string) => void): Promise<200 | 500>
  /** Ends idle connections, and the others once they are. */
  close(): void
}

/**
 * HTTP as a SOAP request over money wants it: POST only, no redirect followed (it would carry the secret to another
 * host), no proxy taken from the environment, certificates checked, connections kept alive.
 *
 * @param options.ca PEM certificates to trust instead of the system's.
 */
export function createTransport(endpoint: string, options: { ca?: string | undefined } = {}): Transport {
  const url = new URL(endpoint)
  const secure = url.protocol === 'https:'
  if (!secure && url.protocol !== 'http:') throw new TypeError('the endpoint must be http or https')
  const connections = { keepAlive: true, timeout: idleMs, scheduling: 'lifo' as const }
  const agent = secure
    ? new https.Agent({ ...connections, rejectUnauthorized: true, ...(options.ca ? { ca: options.ca } : {}) })
    : new http.Agent(connections)
  const freedAt = new WeakMap<object, number>()
  agent.on('free', (socket: object) => freedAt.set(socket, performance.now()))

  const request = (write: boolean, signal: AbortSignal, headers: http.OutgoingHttpHeaders) => {
    if (write) dropStale(agent, freedAt)
    return (secure ? https : http).request({
      method: 'POST',
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port || (secure ? 443 : 80),
      path: url.pathname + url.search,
      agent,
      headers,
      signal,
    })
  }

  return {
    async post({ body, soapAction, signal, maxBytes, write, sending }, read) {
      let maybeSent = false
      const fail: Fail = (kind, message, code) => new CarrierError(kind, message, { maybeSent, code })
      const message = request(write, signal, {
        'content-type': 'text/xml; charset=utf-8',
        'content-length': body.length,
        soapaction: `"${soapAction}"`,
        accept: 'text/xml',
        'accept-encoding': 'gzip',
        'user-agent': 'did-mcp',
      })
      const answered = answerTo(message)
      let whole = false
      try {
        await Promise.race([connected(message, secure), answered])
        signal.throwIfAborted()
        sending()
        maybeSent = true
        message.end(body)
        const response = await answered
        const status = accepted(response, fail)
        await readText(response, { maxBytes, signal, fail }, read)
        whole = true
        return status
      } catch (error) {
        throw broken(error, fail)
      } finally {
        if (!whole) message.destroy()
      }
    },
    close() {
      agent.maxFreeSockets = 0
      for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy()
    },
  }
}

type Fail = (kind: CarrierErrorKind, message: string, code?: number) => CarrierError

// Servers end idle connections after 5 s (Node) to 120 s (IIS). One that ends as the next request is written takes the
// request with it, and nobody knows whether it arrived. So idle connections live for 4 s, and a write goes out on a
// fresh connection, or on one that carried an answer within the last second: chunks of one call still share theirs.
const idleMs = 4000
const freshMs = 1000

function dropStale(agent: http.Agent, freedAt: WeakMap<object, number>): void {
  const fresh = performance.now() - freshMs
  for (const socket of Object.values(agent.freeSockets).flat()) {
    if (socket && (freedAt.get(socket) ?? 0) < fresh) socket.destroy()
  }
}

function answerTo(message: http.ClientRequest): Promise<http.IncomingMessage> {
  const answered = new Promise<http.IncomingMessage>((resolve, reject) => {
    message.once('response', resolve)
    message.on('error', reject)
  })
  // Where the request is stopped before anybody waits for its answer.
  answered.catch(() => undefined)
  return answered
}

/** Nothing has been written before this resolves: Node holds the headers back until the body comes. */
function connected(message: http.ClientRequest, secure: boolean): Promise<void> {
  return new Promise((resolve) => {
    message.once('socket', (socket) => {
      if (message.reusedSocket || (!secure && !socket.connecting)) resolve()
      else socket.once(secure ? 'secureConnect' : 'connect', () => resolve())
    })
  })
}

function accepted(response: http.IncomingMessage, fail: Fail): 200 | 500 {
  const status = response.statusCode ?? 0
  const xml = /^\s*(text|application)\/(soap\+)?xml\s*(;|$)/i.test(response.headers['content-type'] ?? '')
  if ((status === 200 || status === 500) && xml) return status
  if (status >= 500) throw fail('unavailable', `The carrier's server failed (HTTP ${status}).`, status)
  if (status >= 400) throw fail('rejected', `The carrier's server refused the request (HTTP ${status}).`, status)
  if (status >= 300) {
    throw fail(
      'protocol',
      `The carrier's server answered with a redirect (HTTP ${status}), which is not followed.`,
      status,
    )
  }
  throw fail('protocol', `The carrier's server answered with something else than XML (HTTP ${status}).`, status)
}

/** An answer of 70 MB is parsed in slices of this long, so that others get their turn. */
const sliceMs = 10

async function readText(
  response: http.IncomingMessage,
  { maxBytes, signal, fail }: { maxBytes: number; signal: AbortSignal; fail: Fail },
  read: (text: string) => void,
): Promise<void> {
  const tooLarge = () => fail('protocol', `The carrier's answer is larger than ${maxBytes} bytes.`)
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) throw tooLarge()
  const charset = /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(response.headers['content-type'] ?? '')?.[1]
  let turned = performance.now()
  for await (const text of textOf(capped(plain(response, maxBytes, tooLarge, fail), maxBytes, tooLarge), charset)) {
    signal.throwIfAborted()
    read(text)
    if (performance.now() - turned < sliceMs) continue
    await turn()
    turned = performance.now()
  }
}

function plain(
  response: http.IncomingMessage,
  maxBytes: number,
  tooLarge: () => CarrierError,
  fail: Fail,
): AsyncIterable<Uint8Array> {
  switch (response.headers['content-encoding']?.toLowerCase() ?? 'identity') {
    case 'identity':
      return response
    case 'gzip':
    case 'x-gzip':
    case 'deflate':
      // Errors of either side come out of the iteration.
      return pipeline(capped(response, maxBytes, tooLarge), zlib.createUnzip(), () => undefined)
    default:
      throw fail('protocol', "The carrier's answer is compressed in a way that was not asked for.")
  }
}

async function* capped(
  bytes: AsyncIterable<Uint8Array>,
  maxBytes: number,
  tooLarge: () => CarrierError,
): AsyncGenerator<Uint8Array> {
  let sum = 0
  for await (const chunk of bytes) {
    sum += chunk.length
    if (sum > maxBytes) throw tooLarge()
    yield chunk
  }
}

/** A fresh error: what Node throws may reach the request, and so the secret. Its code is a word of the system. */
function broken(error: unknown, fail: Fail): unknown {
  if (error instanceof UnreadableText) return fail('protocol', `The carrier's answer cannot be read: ${error.message}.`)
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
  if (code === undefined) return error
  // Z_: gzip that is damaged or cut. HPE_: no HTTP.
  if (/^(Z|HPE)_/.test(code)) return fail('protocol', `The carrier's answer cannot be read (${code}).`)
  return fail('unavailable', `The connection to the carrier failed (${code}).`)
}
