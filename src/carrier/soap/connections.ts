import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { openTunnel } from './tunnel.ts'

export interface Connections {
  /**
   * A POST that has not begun: nothing leaves before its `end`. `own`: on a connection of its own, that nothing was read
   * from before; else on a kept one, where there is one.
   */
  request(headers: http.OutgoingHttpHeaders, own: boolean): http.ClientRequest
  /** Ends the connections that are kept and idle. */
  drop(): void
  /** The same, and keeps none from now on. */
  close(): void
}

/**
 * Connections to one server: no proxy but the one that is named here, certificates checked. Reads share connections that are kept
 * alive. A server may close a kept one unannounced, and then nobody knows whether the request on it arrived; or it may
 * say something on it that nobody asked for, which node:http takes for the next request's answer. So no write goes out
 * on one, and any byte on an idle connection ends it.
 *
 * @param options.ca PEM certificates to trust instead of the system's.
 * @param options.proxy the HTTP proxy that every connection goes through, each in a tunnel of its own.
 */
export function createConnections(endpoint: string, options: ConnectionOptions): Connections {
  const url = new URL(endpoint)
  const secure = url.protocol === 'https:'
  if (!secure && url.protocol !== 'http:') throw new TypeError('the endpoint must be http or https')
  const { ca, proxy } = options
  const make = (kept: http.AgentOptions) => (secure ? secureAgent(kept, { ca, proxy }) : plainAgent(kept, proxy))
  const kept = make({ keepAlive: true, timeout: idleMs, scheduling: 'lifo' })
  const own = make({ keepAlive: false })
  kept.on('free', endWhereUnasked)

  const drop = () => {
    for (const socket of Object.values(kept.freeSockets).flat()) socket?.destroy()
  }
  return {
    request(headers, alone) {
      const opening = new AbortController()
      const asked: PostOptions = {
        method: 'POST',
        host: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port || (secure ? 443 : 80),
        path: url.pathname + url.search,
        agent: alone ? own : kept,
        headers,
        opening: opening.signal,
      }
      const message = (secure ? https : http).request(asked)
      openings.set(message, opening)
      return message
    },
    drop,
    close() {
      kept.maxFreeSockets = 0
      drop()
    },
  }
}

export interface ConnectionOptions {
  ca?: string | undefined
  proxy?: URL | undefined
}

/** A request, with what gives up the tunnel that is opened for it. */
interface PostOptions extends https.RequestOptions {
  opening?: AbortSignal
}

/**
 * Resolves when the request's connection stands and has said nothing by itself, and never where it fails before: the
 * request's `error` says so. The returned function lets the answer in; right after it the request must be written.
 *
 * @throws an error with the code `UNASKED`, then or from the returned function, where the server spoke, or ended the
 * connection, before it was asked.
 */
export async function ready(message: http.ClientRequest): Promise<() => void> {
  const socket = await connected(message)
  endWhereUnasked(socket)
  // What came with the connection is read in the round of the event loop after the next.
  await turn()
  await turn()
  if (socket.destroyed) throw new Unasked()
  return () => {
    if (socket.destroyed) throw new Unasked()
    const guard = guards.get(socket)
    if (guard) socket.off('data', guard)
    guards.delete(socket)
  }
}

/** The server spoke, or ended the connection, before it was asked. */
export class Unasked extends Error {
  readonly code = 'UNASKED'
}

/**
 * Gives a request up for good: its connection is reset. One that is only closed is still delivered by the system, six
 * seconds later where the network was away for so long.
 */
export function giveUp(message: http.ClientRequest, why?: Error): void {
  if (message.socket) reset(message.socket)
  message.destroy(why)
  openings.get(message)?.abort()
}

// Servers end idle connections after 5 s (Node) to 120 s (IIS).
const idleMs = 4000

/** What stands under a TLS connection: only that can be reset. */
const under = new WeakMap<net.Socket, net.Socket>()

/** What gives up the tunnel of a request that has no connection yet. */
const openings = new WeakMap<http.ClientRequest, AbortController>()

/** The listeners on connections that must be silent. */
const guards = new WeakMap<net.Socket, () => void>()

function endWhereUnasked(socket: net.Socket): void {
  if (guards.has(socket)) return
  const guard = () => reset(socket)
  guards.set(socket, guard)
  socket.on('data', guard)
}

function reset(socket: net.Socket): void {
  const raw = under.get(socket) ?? socket
  // While bytes wait in this process a reset waits for them, and they would leave; without them the request is cut.
  if (raw.connecting || raw.destroyed || socket.writableLength > 0) raw.destroy()
  else raw.resetAndDestroy()
  if (raw !== socket) socket.destroy()
}

function plainAgent(kept: http.AgentOptions, proxy: URL | undefined): http.Agent {
  const agent = new http.Agent(kept)
  if (proxy) agent.createConnection = tunnelled(proxy, (_options, raw) => raw)
  return agent
}

function secureAgent(kept: http.AgentOptions, { ca, proxy }: ConnectionOptions): https.Agent {
  const agent = new https.Agent({ ...kept, rejectUnauthorized: true, ...(ca ? { ca } : {}) })
  const create = agent.createConnection.bind(agent)
  const secure = (options: PostOptions, raw: net.Socket, callback?: Connected) => {
    const socket = create(Object.assign({}, options, { socket: raw }), callback)
    if (socket instanceof net.Socket) under.set(socket, raw)
    return socket
  }
  agent.createConnection = proxy
    ? tunnelled(proxy, secure)
    : (options, callback) => secure(options, net.connect(addressOf(options)), callback)
  return agent
}

type Connect = http.Agent['createConnection']
type Connected = NonNullable<Parameters<Connect>[1]>

/** Makes the connections of an agent in tunnels; `over` turns a tunnel into what the requests go over. */
function tunnelled(proxy: URL, over: (options: PostOptions, raw: net.Socket) => ReturnType<Connect>): Connect {
  return (options: PostOptions, callback) => {
    const done = callback as (error: Error | null, socket?: ReturnType<Connect>) => void
    openTunnel(proxy, addressOf(options), options.opening ?? new AbortController().signal).then(
      (raw) => done(null, over(options, raw)),
      (error: Error) => done(error),
    )
    return undefined
  }
}

function addressOf({ host, port }: http.ClientRequestArgs): { host: string; port: number } {
  return { host: host ?? 'localhost', port: Number(port) }
}

function connected(message: http.ClientRequest): Promise<net.Socket> {
  return new Promise((resolve) => {
    message.once('socket', (socket) => {
      const stands = () => resolve(socket)
      if (message.reusedSocket) stands()
      else if (under.has(socket)) socket.once('secureConnect', stands)
      else if (socket.connecting) socket.once('connect', stands)
      else stands()
    })
  })
}
