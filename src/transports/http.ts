import { randomUUID } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { readFrame } from '../mcp/frames.ts'
import { isRequest, type Message, type Notification, type Request, type Wire } from '../mcp/json-rpc.ts'
import { readBody } from './http-body.ts'
import { connectionsOf } from './http-connections.ts'
import { type Exchange, openExchange } from './http-exchange.ts'
import { bracketed, foreign, type Names, takenBy } from './http-guards.ts'
import { type Reply, rawReply, replyCodes, sendJson, sendReply } from './http-replies.ts'

/** Whoever sends a request, as far as the transport goes by it. */
interface Sender {
  /** Calls in flight are bounded for each name. */
  name: string
}

export interface HttpOptions<Who extends Sender> {
  host: string
  /** 0: the system chooses. */
  port: number
  /** What clients and browsers call this server; absent: the address that it listens on. */
  publicUrl?: URL | undefined
  /** Who may come in, once it is known what clients call this server, `/mcp` and all. */
  wall(url: URL): Promise<HttpWall<Who>>
  /** A server for one message of one sender, never one for several. */
  open(message: Request, who: Who): { connect(wire: Wire): Promise<void> }
  /** Whether the header's revision of the protocol is spoken here. */
  speaks(revision: string): boolean
  /** Whether what a call needs of this server's own is there. */
  ready(): Promise<boolean>
  log: { warn(message: string, fields?: Readonly<Record<string, unknown>>): void }
  limits?: Partial<Limits> | undefined
}

/** What stands before every message. */
interface HttpWall<Who extends Sender> {
  /** Who sends a request, by its headers, before its body is read; or why it is refused. */
  admit(headers: IncomingHttpHeaders): Promise<{ who: Who } | { refused: Reply }>
  /** Why this sender may not ask this; undefined: it may. */
  forbidden(message: Message, who: Who): Reply | undefined
  /** What anybody may read, by its path: an answer as JSON. */
  documents: Readonly<Record<string, object>>
}

/** What one server bears. */
interface Limits {
  connections: number
  /** Calls in flight of one sender. */
  callsOfOne: number
  /** The time from the first byte of a request to the last of its headers, milliseconds. */
  headersMs: number
  /** The time from there to the last of its body, milliseconds. */
  bodyMs: number
  /** The time between two requests of a connection, milliseconds. */
  idleMs: number
  /** The time for a client to take an answer that is written, milliseconds. */
  takeMs: number
}

const standard: Limits = {
  connections: 2048,
  callsOfOne: 64,
  headersMs: 10_000,
  bodyMs: 30_000,
  idleMs: 65_000,
  takeMs: 30_000,
}

export interface HttpTransport {
  /** What clients are told. */
  readonly url: URL
  /** Ends the service: nothing new is begun from now on, and what is in flight is answered. */
  ending(): void
  /** Resolves when each request in flight was answered, or after `graceMs`; no connection is left then. */
  close(graceMs: number): Promise<void>
}

/**
 * The Streamable HTTP of the Model Context Protocol, without sessions: each POST is answered by a server of its own, so any
 * replica may have it. Every answer is JSON, refusals too.
 *
 * @throws the system's error where the address cannot be had
 */
export async function listenHttp<Who extends Sender>(options: HttpOptions<Who>): Promise<HttpTransport> {
  const limits = { ...standard, ...options.limits }
  const inFlight = new Map<string, number>()
  const cancellable = new Map<string, Exchange>()
  let over = false
  let names: Names
  let wall: HttpWall<Who>
  let begin = () => {}
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request.url)
    if (path === '/healthz') return sendJson(response, 200, { status: 'alive' })
    if (path === '/readyz') return tellReady(response)
    const wrong = foreign(request, names)
    if (wrong !== undefined) return sendReply(response, wrong)
    const document = path === undefined ? undefined : documentAt(path)
    if (document !== undefined) {
      if (request.method === 'GET' || request.method === 'HEAD') return sendJson(response, 200, document)
      return sendReply(response, { status: 405, words: 'This can only be read: GET.', headers: { allow: 'GET, HEAD' } })
    }
    if (path !== '/mcp') return sendReply(response, { status: 404, words: 'There is nothing here. MCP is at /mcp.' })
    const admission = await wall.admit(request.headers)
    if ('refused' in admission) return sendReply(response, admission.refused)
    if (request.method !== 'POST') return sendReply(response, postAlone)
    if (over) return sendReply(response, endingNow)
    await takeCall(request, response, admission.who)
  }

  function documentAt(path: string): object | undefined {
    return Object.hasOwn(wall.documents, path) ? wall.documents[path] : undefined
  }

  async function tellReady(response: ServerResponse): Promise<void> {
    const ready = !over && (await options.ready())
    sendJson(response, ready ? 200 : 503, { status: ready ? 'ready' : over ? 'ending' : 'the database is away' })
  }

  async function takeCall(request: IncomingMessage, response: ServerResponse, who: Who): Promise<void> {
    const count = inFlight.get(who.name) ?? 0
    if (count >= limits.callsOfOne) return sendReply(response, tooMany(limits.callsOfOne))
    inFlight.set(who.name, count + 1)
    response.on('close', () => {
      const left = (inFlight.get(who.name) ?? 1) - 1
      if (left === 0) inFlight.delete(who.name)
      else inFlight.set(who.name, left)
    })
    const taken = takenBy(request.headers)
    if (!taken.json && !taken.stream) return sendReply(response, notTaken)
    const revision = request.headers['mcp-protocol-version']
    if (revision !== undefined && !options.speaks(String(revision))) return sendReply(response, notSpoken)
    const body = await readBody(request)
    if (body === undefined) return
    if ('refused' in body) return sendReply(response, body.refused)
    if (Array.isArray(body.value)) return sendReply(response, noBatches)
    const frame = readFrame(body.value)
    if ('refused' in frame) return sendJson(response, 400, frame.refused)
    if ('unreadable' in frame) {
      const words = `This is no request: ${frame.unreadable}. Nothing was done.`
      return sendReply(response, { status: 400, words, code: replyCodes.noRequest })
    }
    const forbidden = wall.forbidden(frame.message, who)
    if (forbidden !== undefined) return sendReply(response, forbidden)
    if (isRequest(frame.message)) return answer(frame.message, request, response, who)
    if ('method' in frame.message) cancel(frame.message, request.headers, who)
    response.writeHead(202).end()
  }

  async function answer(message: Request, request: IncomingMessage, response: ServerResponse, who: Who): Promise<void> {
    // A label, not a session: it tells apart whose request 7 is taken back, and nothing is kept of it.
    const begins = message.method === 'initialize'
    const exchange = openExchange(response, takenBy(request.headers), begins ? { 'mcp-session-id': randomUUID() } : {})
    const key = keyOf(message.id, request.headers, who)
    if (key !== undefined && !cancellable.has(key)) {
      cancellable.set(key, exchange)
      response.on('close', () => cancellable.delete(key))
    }
    response.on('prefinish', () => {
      const cut = setTimeout(() => response.destroy(), limits.takeMs)
      response.on('close', () => clearTimeout(cut))
    })
    await options.open(message, who).connect(exchange)
    exchange.onmessage?.(message)
  }

  function cancel(message: Notification, headers: IncomingHttpHeaders, who: Who): void {
    if (message.method !== 'notifications/cancelled') return
    const id = message.params?.requestId
    const key = typeof id === 'string' || typeof id === 'number' ? keyOf(id, headers, who) : undefined
    if (key !== undefined) cancellable.get(key)?.cancel(message)
  }

  const server = createServer(
    {
      maxHeaderSize: 16 * 1024,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.bodyMs,
      keepAliveTimeout: limits.idleMs,
      connectionsCheckingInterval: Math.min(1000, limits.headersMs),
      requireHostHeader: false,
      joinDuplicateHeaders: false,
    },
    (request, response) => {
      connections.begun(response)
      begun
        .then(() => take(request, response))
        .catch((error: unknown) => {
          options.log.warn('a request over HTTP failed in an unforeseen way', { error })
          sendReply(response, { status: 500, words: 'This server failed. Nothing more is known here; see its log.' })
        })
    },
  )
  const connections = connectionsOf(server)
  server.maxConnections = limits.connections
  server.on('clientError', refuseUnread)
  server.on('checkExpectation', (_request, response) => {
    sendReply(response, { status: 417, words: 'Only "100-continue" can be expected.' })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const { port } = server.address() as AddressInfo
  const listening = new URL(`http://${bracketed(options.host)}:${port}/mcp`)
  names = { host: options.host, publicUrl: options.publicUrl ?? listening }
  wall = await options.wall(new URL('/mcp', names.publicUrl))
  begin()
  return {
    url: listening,
    ending() {
      over = true
      connections.end()
    },
    async close(graceMs) {
      over = true
      await connections.ended(graceMs)
    },
  }
}

/** The key of the sender whose request this is; undefined where nothing tells its sender from another of the same name. */
function keyOf(id: string | number, headers: IncomingHttpHeaders, { name }: Sender): string | undefined {
  const label = headers['mcp-session-id']
  return typeof label === 'string' && label.length <= 128 ? JSON.stringify([name, label, id]) : undefined
}

function pathOf(url: string | undefined): string | undefined {
  if (url === undefined || !url.startsWith('/')) return undefined
  return url.split('?', 1)[0]
}

/** Answers what is no HTTP that can be read, in JSON as everything else; Node's own parser said what is wrong. */
function refuseUnread(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
  const { code } = error
  if (code === 'HPE_HEADER_OVERFLOW') {
    socket.end(rawReply(431, 'Request Header Fields Too Large', 'The headers are too large.'))
  } else if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    socket.end(rawReply(408, 'Request Timeout', 'The request took too long to come.'))
  } else socket.end(rawReply(400, 'Bad Request', 'This is no HTTP request that can be read.'))
}

const postAlone: Reply = {
  status: 405,
  words: 'Only POST is answered here: this server keeps no sessions and opens no streams of its own.',
  headers: { allow: 'POST' },
}

const endingNow: Reply = {
  status: 503,
  words: 'This server is ending. Nothing was done.',
  headers: { 'retry-after': '1', connection: 'close' },
}

const notTaken: Reply = {
  status: 406,
  words: 'The answer is application/json or text/event-stream: the Accept header takes neither.',
}

const notSpoken: Reply = {
  status: 400,
  words: 'This revision of the protocol (MCP-Protocol-Version) is not spoken here.',
}

const noBatches: Reply = {
  status: 400,
  words: 'A batch is not taken: send each message in a request of its own. Nothing was done.',
  code: replyCodes.noRequest,
}

const tooMany = (most: number): Reply => ({
  status: 429,
  words: `This caller has ${most} calls in flight, the most there may be. Nothing was done for this one.`,
  headers: { 'retry-after': '1' },
})
