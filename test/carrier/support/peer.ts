import http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import net from 'node:net'
import type { Carrier } from '../../../src/carrier/carrier.ts'
import type { SoapCarrierOptions } from '../../../src/carrier/soap/options.ts'
import { createSoapCarrier } from '../../../src/carrier/soap/soap-carrier.ts'
import { certificate } from './certificate.ts'

/** What a peer received: one request, whole. */
interface Received {
  method: string | undefined
  path: string | undefined
  headers: http.IncomingHttpHeaders
  body: string
  /** Which connection it came on, counted from 1. */
  connection: number
}

export interface Peer extends AsyncDisposable {
  endpoint: string
  received: Received[]
  /** Connections opened so far. */
  connections: () => number
  /** Connections that stand. */
  open: () => number
  /** How connections ended, where it was by an error. */
  ended: string[]
}

export type Handler = (response: http.ServerResponse, received: Received, count: number) => void

/**
 * A carrier that answers as it is told, on a port of the system's choice.
 *
 * @param options.greeting written on each connection before anything was asked on it
 */
export async function peer(handler: Handler, options: { tls?: boolean; greeting?: string } = {}): Promise<Peer> {
  const received: Received[] = []
  const numbers = new Map<object, number>()
  const listener: http.RequestListener = (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method, url: path, headers } = request
      const connection = numbers.get(request.socket) ?? 0
      const one = { method, path, headers, body: Buffer.concat(chunks).toString(), connection }
      received.push(one)
      handler(response, one, received.length)
    })
  }
  const server = options.tls ? https.createServer(certificate, listener) : http.createServer(listener)
  const ended: string[] = []
  let open = 0
  server.on(options.tls ? 'secureConnection' : 'connection', (socket: net.Socket) => {
    numbers.set(socket, numbers.size + 1)
    open++
    socket.on('close', () => open--)
    socket.on('error', (error) => ended.push('code' in error ? String(error.code) : error.message))
    if (options.greeting) socket.write(options.greeting)
  })
  await listening(server)
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http${options.tls ? 's' : ''}://127.0.0.1:${port}/Services/APIService.asmx`,
    received,
    connections: () => numbers.size,
    open: () => open,
    ended,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A peer without HTTP: it does to each connection what it is told. */
export async function rawPeer(handler: (socket: net.Socket) => void): Promise<{ endpoint: string } & AsyncDisposable> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    handler(socket)
  })
  await listening(server)
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A port where nobody listens. */
export async function deadEndpoint(): Promise<string> {
  const server = net.createServer()
  await listening(server)
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}/`
}

/** A secret that is found again wherever it leaks. */
export const secret = 'S3CRET-marked-&<>"'

export function carrierAt(endpoint: string, options: Partial<SoapCarrierOptions> = {}): Carrier & AsyncDisposable {
  const carrier = createSoapCarrier({
    account: { endpoint, login: 'user', environment: 'live' },
    secret,
    timeoutMs: { call: 5000, listing: 5000 },
    concurrency: 4,
    retryDelayMs: 1,
    ...options,
  })
  return Object.assign(carrier, { [Symbol.asyncDispose]: () => carrier.close() })
}

export function answerXml(response: http.ServerResponse, body: string | Buffer, status = 200): void {
  response.writeHead(status, { 'content-type': 'text/xml; charset=utf-8' }).end(body)
}

async function listening(server: net.Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
}
