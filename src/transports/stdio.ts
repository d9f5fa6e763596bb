import type { Readable, Writable } from 'node:stream'
import { type Frame, readFrame } from '../mcp/frames.ts'
import { type Answer, errorCodes, isRequest, type Message, type Wire } from '../mcp/json-rpc.ts'
import { backlog } from './backlog.ts'
import { type Batch, framesOf, mostInBatch, openBatch, revisionWithBatches } from './batch.ts'
import { type Line, lineSplitter, mostLineBytes } from './lines.ts'

/** A connection over two streams that ends in order, whatever the other side does. */
export interface StdioTransport extends Wire {
  /** Resolves once when nobody is there any more. Whoever waits for it closes everything and exits; it never rejects. */
  readonly ended: Promise<StdioEnd>
}

/** `eof`: the client closed our input; `broken`: a stream failed (EPIPE); `closed`: we closed it. */
type StdioEnd = 'eof' | 'broken' | 'closed'

export interface StdioOptions {
  stdin: Readable
  /** Carries messages and nothing else. */
  stdout: Writable
  log: { warn(message: string, fields?: Readonly<Record<string, unknown>>): void }
  /** Called at once where the input ends: nothing new is to be begun. */
  ending?: (() => void) | undefined
  /** How long requests that were begun may still be answered after the input's end. Milliseconds; 200. */
  graceMs?: number | undefined
  mostBytes?: number | undefined
}

/**
 * MCP over standard streams. A line that is no message is logged and gets no answer. A line of more than 1 MiB is not
 * held: it is dropped to its end, logged, and its request, where its id can be read, is answered with an error; the
 * connection goes on. What is no request is refused by its id. A list of messages is a batch where the agreed revision of
 * the protocol has them. A client that does not read what it asked for is not read from either.
 */
export function stdioTransport(options: StdioOptions): StdioTransport {
  const { stdin, stdout, log, graceMs = 200, mostBytes = mostLineBytes } = options
  const requests = backlog(
    (request) => transport.onmessage?.(request),
    () => open && !stdout.writableNeedDrain,
  )
  let open = true
  let hasBatches = false
  let finishing: NodeJS.Timeout | undefined
  let resolveEnded: (end: StdioEnd) => void
  const ended = new Promise<StdioEnd>((resolve) => {
    resolveEnded = resolve
  })

  function end(how: StdioEnd): void {
    if (!open) return
    open = false
    clearTimeout(finishing)
    stdin.off('data', read)
    stdout.off('drain', advance)
    stdin.pause()
    resolveEnded(how)
    transport.onclose?.()
  }

  /** The client may have written its last requests and closed: what was asked is answered if that is quick. */
  function inputEnded(): void {
    if (!open || finishing !== undefined) return
    options.ending?.()
    split.end()
    finishing = setTimeout(() => end('eof'), graceMs)
    endIfAnswered()
  }

  function endIfAnswered(): void {
    if (finishing !== undefined && requests.empty) end('eof')
  }

  function broken(error: Error): void {
    if (open) log.warn('a standard stream failed', { error: error.message })
    options.ending?.()
    end('broken')
  }

  function take(line: Line): void {
    if ('dropped' in line) refuseDropped(line.dropped, line.id)
    else {
      const value = parse(line.text)
      if (value === undefined) return
      if (Array.isArray(value) && value.length > 0) takeBatch(value, line.text.length)
      else takeFrame(readFrame(value), line.text.length)
    }
  }

  function takeFrame(frame: Frame, size: number, batch?: Batch): void {
    if ('message' in frame) receive(frame.message, size, batch)
    else if ('unreadable' in frame) {
      log.warn('a line of the input is no JSON-RPC message', { characters: size, why: frame.unreadable })
    } else if (batch === undefined) refuse(frame.refused)
    else {
      batch.add(frame.refused)
      batch.done()
    }
  }

  function takeBatch(values: unknown[], size: number): void {
    if (!hasBatches || values.length > mostInBatch) {
      refuseBatch(values)
      return
    }
    const frames = framesOf(values)
    const toAnswer = frames.filter((frame) => 'refused' in frame || ('message' in frame && isRequest(frame.message)))
    const batch = openBatch(toAnswer.length, (answers) => void write(answers))
    for (const frame of frames) takeFrame(frame, Math.ceil(size / frames.length), batch)
  }

  function refuseBatch(values: unknown[]): void {
    const why = hasBatches
      ? `it stands in a batch of ${values.length}, and at most ${mostInBatch} are read`
      : 'it stands in a batch, which the agreed revision of the protocol does not have; send each message in a line of its own'
    log.warn('a batch was not taken', { messages: values.length })
    for (const value of values.slice(0, mostInBatch)) {
      const frame = readFrame(value, why)
      if ('refused' in frame) refuse(frame.refused)
    }
  }

  /** A client that does not read why it is refused is not read from, either. */
  function refuse(answer: Answer): void {
    void write(answer)
    if (stdout.writableNeedDrain) stdin.pause()
  }

  /** Takes a message. Requests alone wait: what is waited for may be the answer to a question of ours. */
  function receive(message: Message, size: number, batch?: Batch): void {
    if (isRequest(message)) requests.add(message, size, batch)
    else {
      transport.onmessage?.(message)
      // No answer goes out for a cancelled request.
      if ('method' in message && message.method === 'notifications/cancelled') finish(message.params?.requestId)
    }
    if (requests.bytes > mostWaiting) stdin.pause()
  }

  function finish(id: unknown): void {
    if (typeof id === 'string' || typeof id === 'number') requests.finish(id)
    advance()
  }

  function advance(): void {
    requests.advance()
    if (open && requests.bytes <= mostWaiting && !stdout.writableNeedDrain) stdin.resume()
    endIfAnswered()
  }

  function parse(text: string): unknown {
    try {
      return JSON.parse(text)
    } catch {
      log.warn('a line of the input is not JSON', { characters: text.length })
      return undefined
    }
  }

  function refuseDropped(bytes: number, id: string | number | undefined): void {
    log.warn('a line of the input is too long and was dropped', { bytes, mostBytes })
    if (id === undefined) return
    const message = `The request has ${bytes} bytes; at most ${mostBytes} are read. Nothing was done.`
    refuse({ jsonrpc: '2.0', id, error: { code: errorCodes.invalidRequest, message } })
  }

  /** Resolves when written, and also when there is nobody to write to: an answer that nobody reads is no failure of ours. */
  function write(message: Message | Answer[]): Promise<void> {
    return new Promise((resolve) => {
      if (!stdout.writable) return resolve()
      stdout.write(`${JSON.stringify(message)}\n`, () => resolve())
    })
  }

  const split = lineSplitter(take, mostBytes)
  const read = (chunk: Buffer | string) => split.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)

  const transport: StdioTransport = {
    ended,
    async start() {
      stdout.on('error', broken)
      stdin.on('error', broken)
      stdin.on('end', inputEnded)
      stdin.on('close', inputEnded)
      stdin.on('data', read)
      stdout.on('drain', advance)
    },
    async send(message) {
      if ('method' in message) return write(message)
      const batch = requests.batchOf(message.id)
      if (batch === undefined) await write(message)
      else batch.add(message)
      finish(message.id)
    },
    async close() {
      end('closed')
    },
    agreed(revision) {
      hasBatches = revision === revisionWithBatches
    },
  }
  return transport
}

/** The most characters of requests that wait: where more are there, no further ones are read. */
const mostWaiting = 1024 * 1024
