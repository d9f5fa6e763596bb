import type http from 'node:http'
import { CarrierError, type CarrierErrorFacts, type CarrierErrorKind } from '../errors.ts'
import { isXml, readText } from './body.ts'
import { type ConnectionOptions, createConnections, giveUp, ready, Unasked } from './connections.ts'
import type { Deadline } from './deadline.ts'
import { UnreadableText } from './text.ts'
import { ProxyRefused } from './tunnel.ts'

interface WireRequest {
  /** Well-formed XML, made when the connection stands, which waits for it. What it throws ends the request, unsent. */
  body(): Promise<string>
  /** `http://tempuri.org/` + operation. */
  soapAction: string
  /** Ends the request at any stage: connecting, sending, waiting, reading. */
  deadline: Pick<Deadline, 'ended' | 'onEnd'>
  /** The most bytes of an answer, on the wire and again decompressed. */
  maxBytes: number
  /** Changes something at the carrier: it goes out once, on a connection of its own. */
  write: boolean
  /** Called right before the first byte of the request may leave. What it throws stops the request. */
  sending(): void
}

/** Reads an answer. Either method throws where it is none. */
interface Reader<Answer> {
  write(text: string): void
  end(): Answer
}

export interface Transport {
  /**
   * Posts once, and lets `reader` read the answer. A read is posted again, on a new connection, where the kept one that
   * it went out on turns out to have ended.
   *
   * Whatever the status and the content type: where the reader can read the answer, it counts.
   *
   * @throws CarrierError, or what the reader throws.
   */
  post<Answer>(request: WireRequest, reader: Reader<Answer>): Promise<Answer>
  /** Ends idle connections, and the others once they are. */
  close(): void
}

/**
 * HTTP as a SOAP request over money wants it: POST only, no redirect followed (it would carry the secret to another
 * host), each write on a connection of its own, and what is given up given up for good.
 *
 * @param options.ca PEM certificates to trust instead of the system's.
 * @param options.proxy the HTTP proxy on the way.
 */
export function createTransport(endpoint: string, options: ConnectionOptions): Transport {
  const connections = createConnections(endpoint, options)

  async function attempt<Answer>(request: WireRequest, reader: Reader<Answer>): Promise<Answer> {
    const { body, deadline, write } = request
    const message = connections.request(headersOf(request), write)
    const answered = responseTo(message)
    let maybeSent = false
    let response: http.IncomingMessage | undefined
    let whole = false
    deadline.onEnd(() => giveUp(message, new Stopped()))
    try {
      const listen = await Promise.race([ready(message), answered.then(() => undefined)])
      if (deadline.ended()) throw new Stopped()
      if (listen === undefined) throw new Unasked()
      const text = await body()
      if (deadline.ended()) throw new Stopped()
      listen()
      request.sending()
      maybeSent = true
      // As a text it goes out together with the headers, in one write.
      message.end(text)
      response = await answered
      const answer = await read(response, request, reader)
      whole = true
      return answer
    } catch (error) {
      if (!write && message.reusedSocket && !response && !deadline.ended() && codeOf(error)) throw new Stale()
      throw broken(error, maybeSent)
    } finally {
      if (!whole) giveUp(message)
    }
  }

  return {
    async post(request, reader) {
      try {
        return await attempt(request, reader)
      } catch (error) {
        if (!(error instanceof Stale)) throw error
        // The others have stood idle for as long.
        connections.drop()
        return await attempt(request, reader)
      }
    },
    close: connections.close,
  }
}

function headersOf({ soapAction }: WireRequest): http.OutgoingHttpHeaders {
  return {
    'content-type': 'text/xml; charset=utf-8',
    soapaction: `"${soapAction}"`,
    accept: 'text/xml',
    'accept-encoding': 'gzip',
    'user-agent': 'did-mcp',
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

async function read<Answer>(
  response: http.IncomingMessage,
  { maxBytes, deadline }: WireRequest,
  reader: Reader<Answer>,
): Promise<Answer> {
  const status = response.statusCode ?? 0
  if (status >= 300 && status < 400) {
    throw failed('protocol', status, 'answered with a redirect', ', which is not followed')
  }
  try {
    await readText(response, maxBytes, reader.write)
    return reader.end()
  } catch (error) {
    // Where the answer is no SOAP, the status alone says what it is.
    throw (deadline.ended() ? undefined : statusError(response)) ?? error
  }
}

function statusError(response: http.IncomingMessage): CarrierError | undefined {
  const status = response.statusCode ?? 0
  if (status === 200)
    return isXml(response) ? undefined : failed('protocol', status, 'answered with something else than SOAP')
  if (status === 401 || status === 403) {
    const why = ": most often this machine's public IP address is not registered with the API user"
    return failed('auth', status, 'let nobody in', why)
  }
  if (status === 429) return failed('unavailable', status, 'asks for fewer requests', '', retryAfter(response))
  if (status === 408 || status >= 500) return failed('unavailable', status, 'failed', '', retryAfter(response))
  if (status >= 400) return failed('rejected', status, 'refused the request')
  return failed('protocol', status, 'answered with something else than SOAP')
}

function failed(
  kind: CarrierErrorKind,
  code: number,
  what: string,
  more = '',
  facts: Pick<CarrierErrorFacts, 'retryAfterMs'> = {},
): CarrierError {
  return new CarrierError(kind, `The carrier's server ${what} (HTTP ${code})${more}.`, {
    maybeSent: true,
    code,
    ...facts,
  })
}

/** The time that a server asks its callers to wait, stated in seconds or as a date. */
function retryAfter({ headers }: http.IncomingMessage): Pick<CarrierErrorFacts, 'retryAfterMs'> {
  const value = headers['retry-after']?.trim() ?? ''
  const ms = /^[0-9]{1,6}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return ms > 0 ? { retryAfterMs: ms } : {}
}

/** Why a request was ended here; whoever ended it knows the words for it. */
class Stopped extends Error {}

/** The kept connection had ended before anything was answered on it. */
class Stale extends Error {}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined

/** A fresh error: what Node throws may reach the request, and so the secret. Its code is a word of the system. */
function broken(error: unknown, maybeSent: boolean): unknown {
  const fail = (kind: CarrierErrorKind, message: string) => new CarrierError(kind, message, { maybeSent })
  if (error instanceof UnreadableText) return fail('protocol', `The carrier's answer cannot be read: ${error.message}.`)
  if (error instanceof ProxyRefused) return fail('unavailable', `${error.message}.`)
  const code = codeOf(error)
  if (code === undefined) return error
  // Z_: gzip that is damaged or cut. HPE_: no HTTP.
  if (/^(Z|HPE)_/.test(code)) return fail('protocol', `The carrier's answer cannot be read (${code}).`)
  return fail('unavailable', `The connection to the carrier failed (${code}).`)
}
