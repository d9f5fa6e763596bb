import type { IncomingMessage } from 'node:http'
import { type Reply, replyCodes } from './http-replies.ts'

/** One MiB, as for a line of stdio. Bytes. */
const mostBodyBytes = 1024 * 1024

/** How much more of a body that is too large is read and dropped, so that its sender can read why. Bytes. */
const mostDropped = 8 * mostBodyBytes

/**
 * Reads a request's body as JSON; what is none, or is too large, is a refusal. Undefined: the sender is gone.
 */
export async function readBody(request: IncomingMessage): Promise<{ value: unknown } | { refused: Reply } | undefined> {
  const unfit = unfitHeaders(request)
  if (unfit !== undefined) return { refused: unfit }
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > mostBodyBytes + mostDropped) break
      if (bytes <= mostBodyBytes) chunks.push(chunk)
    }
  } catch {
    return undefined
  }
  if (bytes > mostBodyBytes) return { refused: tooLarge }
  return parsed(Buffer.concat(chunks))
}

function unfitHeaders({ headers }: IncomingMessage): Reply | undefined {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') {
    return { status: 415, words: 'The body must be JSON: send content-type: application/json.', ...closing }
  }
  const encoding = headers['content-encoding']?.trim().toLowerCase()
  if (encoding !== undefined && encoding !== '' && encoding !== 'identity') {
    return { status: 415, words: 'The body must not be compressed: leave content-encoding out.', ...closing }
  }
  const length = Number(headers['content-length'] ?? 0)
  // One that is a little too large is read to its end first: its sender reads no answer before that.
  return length > mostBodyBytes + mostDropped ? tooLarge : undefined
}

function parsed(body: Buffer): { value: unknown } | { refused: Reply } {
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) }
  } catch {
    return {
      refused: { status: 400, words: 'The body is not JSON in UTF-8. Nothing was done.', code: replyCodes.notJson },
    }
  }
}

/** What is left of the body is not waited for. */
const closing = { headers: { connection: 'close' } }

const tooLarge: Reply = {
  status: 413,
  words: `The body is too large: at most ${mostBodyBytes} bytes are read. Nothing was done.`,
  ...closing,
}
