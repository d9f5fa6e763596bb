import http from 'node:http'
import https from 'node:https'
import { pipeline, type Readable } from 'node:stream'
import zlib from 'node:zlib'
import { CarrierError, type CarrierErrorKind } from '../errors.ts'
import type { Deadline } from './deadline.ts'
import { textReader, UnreadableText } from './text.ts'

interface Request {
  /** Well-formed XML. */
  body: string
  /** `http://tempuri.org/` + operation. */
  soapAction: string
  /** Ends the request at any stage: connecting, sending, waiting, reading. */
  deadline: Pick<Deadline, 'ended' | 'onEnd'>
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
export function createTransport(endpoint: string, options: { ca?: string | undefined }): Transport {
  const url = new URL(endpoint)
  const secure = url.protocol === 'https:'
  if (!secure && url.protocol !== 'http:') throw new TypeError('the endpoint must be http or https')
  const connections = { keepAlive: true, timeout: idleMs, scheduling: 'lifo' as const }
  const agent = secure
    ? new https.Agent({ ...connections, rejectUnauthorized: true, ...(options.ca ? { ca: options.ca } : {}) })
    : new http.Agent(connections)
  const freedAt = new WeakMap<object, number>()
  agent.on('free', (socket: object) => freedAt.set(socket, performance.now()))

  const request = (write: boolean, headers: http.OutgoingHttpHeaders) => {
    if (write) dropStale(agent, freedAt)
    return (secure ? https : http).request({
      method: 'POST',
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port || (secure ? 443 : 80),
      path: url.pathname + url.search,
      agent,
      headers,
    })
  }

  return {
    async post({ body, soapAction, deadline, maxBytes, write, sending }, read) {
      let maybeSent = false
      const fail: Fail = (kind, message, code) => new CarrierError(kind, message, { maybeSent, code })
      const message = request(write, {
        'content-type': 'text/xml; charset=utf-8',
        'content-length': Buffer.byteLength(body),
        soapaction: `"${soapAction}"`,
        accept: 'text/xml',
        'accept-encoding': 'gzip',
        'user-agent': 'did-mcp',
      })
      const answered = responseTo(message)
      deadline.onEnd(() => message.destroy(new Stopped()))
      let whole = false
      try {
        await Promise.race([connected(message, secure), answered])
        if (deadline.ended()) throw new Stopped()
        sending()
        maybeSent = true
        // As a text it goes out together with the headers, in one write.
        message.end(body)
        const response = await answered
        const status = accepted(response, fail)
        await readText(response, { maxBytes, fail }, read)
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

function responseTo(message: http.ClientRequest): Promise<http.IncomingMessage> {
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

/** Bytes that are parsed before the time is looked at: a first answer is parsed ten times as slowly as a later one. */
const pieceBytes = 16_384

/** Hands the answer on as it arrives, and takes no more of it while others have their turn. */
function readText(
  response: http.IncomingMessage,
  { maxBytes, fail }: { maxBytes: number; fail: Fail },
  read: (text: string) => void,
): Promise<void> {
  const tooLarge = () => fail('protocol', `The carrier's answer is larger than ${maxBytes} bytes.`)
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) throw tooLarge()
  const text = textReader(/;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(response.headers['content-type'] ?? '')?.[1])
  const body = plain(response, maxBytes, tooLarge, fail)
  const pieces: Buffer[] = []
  let sum = 0
  let ended = false
  let turned = performance.now()
  return new Promise((resolve, reject) => {
    const stop = (error: unknown) => {
      pieces.length = 0
      reject(error)
      body.destroy()
    }
    const work = () => {
      try {
        for (let piece = pieces.shift(); piece; piece = pieces.shift()) {
          read(text.write(piece))
          if (performance.now() - turned >= sliceMs) return rest()
        }
        if (!ended) return
        read(text.end())
        resolve()
      } catch (error) {
        stop(error)
      }
    }
    const rest = () => {
      body.pause()
      setImmediate(() => {
        turned = performance.now()
        body.resume()
        work()
      })
    }
    body.on('data', (chunk: Buffer) => {
      sum += chunk.length
      if (sum > maxBytes) return stop(tooLarge())
      for (let at = 0; at < chunk.length; at += pieceBytes) pieces.push(chunk.subarray(at, at + pieceBytes))
      if (!body.isPaused()) work()
    })
    body.on('end', () => {
      ended = true
      if (!body.isPaused()) work()
    })
    body.on('error', stop)
    // A connection that ends in the middle: no end, and not always an error.
    body.on('close', () => ended || stop(fail('unavailable', "The carrier's answer was cut.")))
  })
}

function plain(response: http.IncomingMessage, maxBytes: number, tooLarge: () => CarrierError, fail: Fail): Readable {
  switch (response.headers['content-encoding']?.toLowerCase() ?? 'identity') {
    case 'identity':
      return response
    case 'gzip':
    case 'x-gzip':
    case 'deflate': {
      const unzip = zlib.createUnzip()
      // What a bomb is made of is bounded on the wire too; errors of either side come out of the unzipped stream.
      let sum = 0
      response.on('data', (chunk: Buffer) => {
        sum += chunk.length
        if (sum > maxBytes) unzip.destroy(tooLarge())
      })
      return pipeline(response, unzip, () => undefined)
    }
    default:
      throw fail('protocol', "The carrier's answer is compressed in a way that was not asked for.")
  }
}

/** Why a request was ended here; whoever ended it knows the words for it. */
class Stopped extends Error {}

/** A fresh error: what Node throws may reach the request, and so the secret. Its code is a word of the system. */
function broken(error: unknown, fail: Fail): unknown {
  if (error instanceof UnreadableText) return fail('protocol', `The carrier's answer cannot be read: ${error.message}.`)
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
  if (code === undefined) return error
  // Z_: gzip that is damaged or cut. HPE_: no HTTP.
  if (/^(Z|HPE)_/.test(code)) return fail('protocol', `The carrier's answer cannot be read (${code}).`)
  return fail('unavailable', `The connection to the carrier failed (${code}).`)
}
