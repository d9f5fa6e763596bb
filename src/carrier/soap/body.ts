import type http from 'node:http'
import { pipeline, type Readable } from 'node:stream'
import zlib from 'node:zlib'
import { CarrierError } from '../errors.ts'
import { textReader } from './text.ts'

/**
 * Hands an answer's text on as it arrives, and takes no more of it while others have their turn.
 *
 * @param maxBytes of answer, on the wire and again decompressed
 * @throws CarrierError, UnreadableText, what `read` throws, or what the stream failed with.
 */
export function readText(
  response: http.IncomingMessage,
  maxBytes: number,
  read: (text: string) => void,
): Promise<void> {
  const tooLarge = () => unread('protocol', `is larger than ${maxBytes} bytes`)
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) throw tooLarge()
  const text = textReader(charsetOf(response))
  const body = plain(response, maxBytes, tooLarge)
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
    body.on('close', () => ended || stop(unread('unavailable', 'was cut')))
  })
}

/** Whether an answer's content type is one of XML. Some services send SOAP without one, or with another. */
export function isXml({ headers }: http.IncomingMessage): boolean {
  return /^\s*(?:text|application)\/(?:soap\+)?xml\s*(?:;|$)/i.test(headers['content-type'] ?? '')
}

/** An answer of 70 MB is parsed in slices of this long, so that others get their turn. */
const sliceMs = 10

/** Bytes that are parsed before the time is looked at: a first answer is parsed ten times as slowly as a later one. */
const pieceBytes = 16_384

function plain(response: http.IncomingMessage, maxBytes: number, tooLarge: () => CarrierError): Readable {
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
      throw unread('protocol', 'is compressed in a way that was not asked for')
  }
}

/** What the content type says of another kind of text than XML says nothing of this one. */
function charsetOf(response: http.IncomingMessage): string | undefined {
  if (!isXml(response)) return undefined
  return /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(response.headers['content-type'] ?? '')?.[1]
}

function unread(kind: 'protocol' | 'unavailable', what: string): CarrierError {
  return new CarrierError(kind, `The carrier's answer ${what}.`, { maybeSent: true })
}
