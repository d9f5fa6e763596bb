import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { namespace, type OperationName, operations } from '../carrier/soap/wsdl.ts'
import { Unreadable, wrapperOf } from './envelope.ts'
import { contentType, serverFault, soapFault } from './xml.ts'

/** A request that passed every guard. */
interface Request {
  operation: OperationName
  xml: string
}

interface FrontOptions {
  /** 0: the system chooses. */
  port: number
  /** The service description, for the address at which the service turned out to be. */
  wsdl: (endpoint: string) => string
  respond: (request: Request, response: ServerResponse) => Promise<void>
}

interface Front {
  endpoint: string
  /** Ends every connection at once. */
  close(): Promise<void>
}

/** Where the service is, as at the carrier. */
export const path = '/Services/APIService.asmx'

/**
 * HTTP on loopback, in front of a SOAP server that would otherwise take anything from anybody: it lets through what is a
 * SOAP 1.1 request of one of the ten operations, refuses everything else and stays up. `GET` of the path with `?wsdl` is
 * answered with the service description.
 *
 * @throws the system's error where the port is taken or may not be had.
 */
export async function openFront({ port, wsdl, respond }: FrontOptions): Promise<Front> {
  let endpoint = ''
  const server = createServer({ keepAliveTimeout: 65_000 }, async (request, response) => {
    response.on('error', () => {})
    try {
      const description = guard(request)
      if (description) return send(response, 200, contentType, wsdl(endpoint))
      const xml = await bodyOf(request)
      const operation = operationOf(request, xml)
      await respond({ operation, xml }, response)
    } catch (error) {
      refuse(request, response, error)
    }
  })
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    else socket.destroy()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`

  return {
    endpoint,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const mostBytes = 10 * 1024 * 1024

/** What a refused body may still send before its connection is cut, so that its sender gets to read why. */
const mostDrained = 100 * 1024 * 1024

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]'])

class Refusal extends Error {
  readonly status: number
  readonly fault: boolean

  constructor(status: number, message: string, fault = false) {
    super(message)
    this.status = status
    this.fault = fault
  }
}

/** @returns whether the service description is asked for. */
function guard({ method, url = '', headers }: IncomingMessage): boolean {
  const [at, query = ''] = url.split('?', 2)
  if (!isLoopback(`http://${headers.host ?? ''}`))
    throw new Refusal(403, 'This service answers to loopback names only.')
  if (headers.origin !== undefined && !isLoopback(headers.origin)) throw new Refusal(403, 'Foreign origin.')
  if (at !== path) throw new Refusal(404, `Not here. The service is at ${path}.`)
  if (method === 'GET' && /^(single)?wsdl$/i.test(query)) return true
  if (method !== 'POST') throw new Refusal(405, 'SOAP requests are posted; ?wsdl describes the service.')
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';')
  if (type.trim() !== 'text/xml') throw new Refusal(415, 'A SOAP 1.1 request is text/xml.')
  const charset = parameters.map((one) => /^\s*charset\s*=\s*"?([^"\s]+)/.exec(one)?.[1]).find(Boolean)
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') throw new Refusal(415, 'Only UTF-8 is read.')
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity') throw new Refusal(415, 'Requests are sent without content encoding.')
  if (Number(headers['content-length'] ?? 0) > mostBytes) throw tooLarge()
  return false
}

function isLoopback(origin: string): boolean {
  return URL.canParse(origin) && loopback.has(new URL(origin).hostname)
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  await new Promise<void>((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > mostBytes) reject(tooLarge())
      else chunks.push(chunk)
    })
    request.on('end', resolve)
    request.on('error', reject)
  })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch {
    throw new Refusal(400, 'The request is not UTF-8.')
  }
}

/** The operation that action and body agree on. */
function operationOf({ headers }: IncomingMessage, xml: string): OperationName {
  const action = String(headers.soapaction ?? '').replace(/^"(.*)"$/, '$1')
  const operation = operations.find((name) => action === namespace + name)
  if (operation === undefined) {
    const quoted = action.slice(0, 100)
    throw new Refusal(500, `Server did not recognize the value of HTTP Header SOAPAction: ${quoted}.`, true)
  }
  const wrapper = wrapperOf(xml)
  if (wrapper !== operation) {
    throw new Refusal(500, `The SOAPAction says ${operation}, the body ${wrapper.slice(0, 100)}.`, true)
  }
  return operation
}

function tooLarge(): Refusal {
  return new Refusal(413, `A request has at most ${mostBytes} bytes.`)
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return void response.destroy()
  let drained = 0
  request.on('data', (chunk: Buffer) => {
    drained += chunk.length
    if (drained > mostDrained) request.destroy()
  })
  if (error instanceof Unreadable || (error instanceof Refusal && error.fault)) {
    send(response, 500, contentType, soapFault('soap:Client', error.message))
  } else if (error instanceof Refusal) {
    send(response, error.status, 'text/plain; charset=utf-8', `${error.message}\n`)
  } else {
    send(response, 500, contentType, serverFault)
  }
}

/** Sends a whole answer, with its length. */
export function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
