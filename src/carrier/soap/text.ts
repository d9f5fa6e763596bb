import { isAscii } from 'node:buffer'

/** Decodes an answer as its bytes arrive. Either method throws {@link UnreadableText}. */
export interface TextReader {
  write(bytes: Uint8Array): string
  /** The bytes are over: what was held back of them. */
  end(): string
}

/**
 * A byte order mark wins over the charset of the content type, that over the XML declaration, that over UTF-8: the
 * order of RFC 7303, section 3. The charset must be known and the bytes must be of it.
 */
export function textReader(charset: string | undefined): TextReader {
  let decode: ((chunk: Uint8Array) => string) | undefined
  let finish = () => ''
  let head: Uint8Array = new Uint8Array()
  const start = () => {
    ;({ decode, finish } = decoder(markOf(head) ?? charset ?? declared(head) ?? 'utf-8'))
    return decode(head)
  }
  return {
    write(bytes) {
      if (decode) return decode(bytes)
      // The declaration decides, so its bytes are gathered before anything is decoded.
      head = head.length === 0 ? bytes : Buffer.concat([head, bytes])
      return head.length >= declarationBytes ? start() : ''
    },
    end: () => (decode ? '' : start()) + finish(),
  }
}

/** The bytes are not text in the charset they claim. */
export class UnreadableText extends Error {
  override readonly name = 'UnreadableText'
}

const declarationBytes = 256

function markOf(head: Uint8Array): string | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8'
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  return undefined
}

function declared(head: Uint8Array): string | undefined {
  const ascii = Buffer.from(head.subarray(0, declarationBytes)).toString('latin1')
  return /^<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z][\w.-]*)["']/.exec(ascii)?.[1]
}

/** Fails on malformed bytes instead of replacing them. The mark itself is left in: the XML parser drops it. */
function decoder(charset: string): { decode: (chunk: Uint8Array) => string; finish: () => string } {
  let inner: InstanceType<typeof TextDecoder>
  try {
    inner = new TextDecoder(charset, { fatal: true, ignoreBOM: true })
  } catch {
    throw new UnreadableText('it is written in a charset that is not known')
  }
  const readable = (run: () => string) => {
    try {
      return run()
    } catch {
      throw new UnreadableText(`its bytes are not ${inner.encoding}`)
    }
  }
  if (inner.encoding !== 'utf-8') {
    return {
      decode: (chunk) => readable(() => inner.decode(chunk, { stream: true })),
      finish: () => readable(() => inner.decode()),
    }
  }
  // Nearly every byte of an answer is ASCII, and a one-byte string is half the memory and parsed faster.
  let between = false
  const finish = () => (between ? readable(() => inner.decode()) : '')
  return {
    decode(chunk) {
      const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      if (!isAscii(buffer)) {
        between = true
        return readable(() => inner.decode(chunk, { stream: true }))
      }
      const rest = finish()
      between = false
      return rest + buffer.toString('latin1')
    },
    finish,
  }
}
