import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'

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
 * Connections to one server: no proxy of the environment, certificates checked. Reads share connections that are kept
 * alive. A server may close a kept one unannounced, and then nobody knows whether the request on it arrived; or it may
 * say something on it that nobody asked for, which node:http takes for the next request's answer. So no write goes out
 * on one, and any byte on an idle connection ends it.
 *
 * @param options.ca PEM certificates to trust instead of the system's.
 */
export function createConnections(endpoint: string, options: { ca?: string | undefined }): Connections {
  const url = new URL(endpoint)
  const secure = url.protocol === 'https:'
  if (!secure && url.protocol !== 'http:') throw new TypeError('the endpoint must be http or https')
  const make = (kept: http.AgentOptions) => (secure ? secureAgent(kept, options.ca) : new http.Agent(kept))
  const kept = make({ keepAlive: true, timeout: idleMs, scheduling: 'lifo' })
  const own = make({ keepAlive: false })
  kept.on('free', endWhereUnasked)

  const drop = () => {
    for (const socket of Object.values(kept.freeSockets).flat()) socket?.destroy()
  }
  return {
    request: (headers, alone) =>
      (secure ? https : http).request({
        method: 'POST',
        host: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port || (secure ? 443 : 80),
        path: url.pathname + url.search,
        agent: alone ? own : kept,
        headers,
      }),
    drop,
    close() {
      kept.maxFreeSockets = 0
      drop()
    },
  }
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
}

// Servers end idle connections after 5 s (Node) to 120 s (IIS).
const idleMs = 4000

/** What stands under a TLS connection: only that can be reset. */
const under = new WeakMap<net.Socket, net.Socket>()

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

function secureAgent(kept: http.AgentOptions, ca: string | undefined): https.Agent {
  const agent = new https.Agent({ ...kept, rejectUnauthorized: true, ...(ca ? { ca } : {}) })
  const secure = agent.createConnection.bind(agent)
  agent.createConnection = (options, callback) => {
    const raw = net.connect({ host: options.host ?? 'localhost', port: Number(options.port) })
    const socket = secure(Object.assign({}, options, { socket: raw }), callback)
    if (socket instanceof net.Socket) under.set(socket, raw)
    return socket
  }
  return agent
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
