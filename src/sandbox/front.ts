import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { namespace, type OperationName, operations } from '../carrier/soap/wsdl.ts'
import { isLoopback } from '../domain/loopback.ts'
import { type Blame, type Dialect, dialectOf, soap11, unprocessed } from './dialects.ts'
import { outsideOf, UnreadableRequest } from './soap-envelope.ts'

/** A request that passed every guard. */
interface SoapRequest {
  operation: OperationName
  xml: string
  /** What it was written in, and is to be answered in. */
  dialect: Dialect
}

interface FrontOptions {
  /** 0: the system chooses. */
  port: number
  /** The service description, for the address at which the service turned out to be. */
  wsdl: (endpoint: string) => string
  respond: (request: SoapRequest, response: ServerResponse) => Promise<void>
}

interface Front {
  endpoint: string
  /** Ends every connection at once. */
  close(): Promise<void>
}

/** The path of the service, as at the carrier. */
export const path = '/Services/APIService.asmx'

/**
 * HTTP on loopback, in front of a SOAP server that would otherwise take anything from anybody: it lets through what is a
 * SOAP request of one of the ten operations, 1.1 or 1.2, refuses everything else and stays up. `GET` of the path with
 * `?wsdl` is answered with the service description.
 *
 * @throws the system's error where the port is taken or may not be had.
 */
export async function openFront({ port, wsdl, respond }: FrontOptions): Promise<Front> {
  let endpoint = ''
  const server = createServer({ keepAliveTimeout: 65_000 }, async (request, response) => {
    response.on('error', () => {})
    let dialect = soap11
    try {
      guard(request)
      if (request.method === 'GET') return send(response, 200, soap11.contentType, wsdl(endpoint))
      const type = typeOf(request)
      dialect = type.dialect
      const xml = await bodyOf(request)
      const operation = operationOf(type, xml)
      await respond({ operation, xml, dialect }, response)
    } catch (error) {
      refuse(request, response, dialect, error)
    }
  })
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad SoapRequest\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
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

/** An answer that is no SOAP: what was sent is not for this service. */
class HttpRefusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** An answer that is a SOAP fault. */
class SoapFault extends Error {
  readonly blame: Blame

  constructor(blame: Blame, message: string) {
    super(message)
    this.blame = blame
  }
}

/** Lets through what asks for the description, or may be a call. */
function guard({ method, url = '', headers }: IncomingMessage): void {
  const [at, query = ''] = url.split('?', 2)
  if (!isNear(`http://${headers.host ?? ''}`))
    throw new HttpRefusal(403, 'This service answers to loopback names only.')
  if (headers.origin !== undefined && !isNear(headers.origin)) throw new HttpRefusal(403, 'Foreign origin.')
  if (at !== path) throw new HttpRefusal(404, `Not here. The service is at ${path}.`)
  if (method === 'GET' && /^(single)?wsdl$/i.test(query)) return
  if (method !== 'POST') throw new HttpRefusal(405, 'SOAP requests are posted; ?wsdl describes the service.')
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity') throw new HttpRefusal(415, 'Requests are sent without content encoding.')
  if (Number(headers['content-length'] ?? 0) > mostBytes) throw tooLarge()
}

interface ContentType {
  dialect: Dialect
  /** What is to be done, a namespace and an operation. `undefined`: the request says it in its body alone. */
  action: string | undefined
}

/** What the headers say of a call: in SOAP 1.2 the action is a parameter of the content type, and may be left out. */
function typeOf({ headers }: IncomingMessage): ContentType {
  const type = headers['content-type'] ?? ''
  const parameters = new Map<string, string>()
  for (const [, name = '', quoted, bare = ''] of type.matchAll(/;\s*([\w-]+)\s*=\s*(?:"([^"]*)"|([^\s;"]+))/g)) {
    parameters.set(name.toLowerCase(), quoted ?? bare)
  }
  const dialect = dialectOf((type.split(';', 1)[0] ?? '').trim().toLowerCase())
  if (dialect === undefined) {
    throw new HttpRefusal(415, 'A SOAP 1.1 request is text/xml, a SOAP 1.2 request application/soap+xml.')
  }
  const charset = parameters.get('charset')?.toLowerCase()
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8')
    throw new HttpRefusal(415, 'Only UTF-8 is read.')
  if (dialect.version === '1.2') return { dialect, action: parameters.get('action') }
  return { dialect, action: String(headers.soapaction ?? '').replace(/^"(.*)"$/, '$1') }
}

function isNear(origin: string): boolean {
  return URL.canParse(origin) && isLoopback(new URL(origin).hostname)
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
    throw new HttpRefusal(400, 'The request is not UTF-8.')
  }
}

/** The operation that action and body agree on, in an envelope of the version that the headers say. */
function operationOf({ dialect, action }: ContentType, xml: string): OperationName {
  const of = (name: string) => operations.find((operation) => name === namespace + operation)
  if (action !== undefined && of(action) === undefined) {
    const quoted = action.slice(0, 100)
    throw new SoapFault('caller', `Server did not recognize the value of HTTP Header SOAPAction: ${quoted}.`)
  }
  const { envelope, wrapper } = outsideOf(xml)
  if (envelope !== dialect.namespace) {
    const quoted = envelope.slice(0, 100)
    throw new SoapFault(
      'version',
      `Possible SOAP version mismatch: Envelope namespace ${quoted} was unexpected. Expecting ${dialect.namespace}.`,
    )
  }
  const operation = of(wrapper)
  if (operation === undefined || (action !== undefined && of(action) !== operation)) {
    const quoted = wrapper.slice(0, 100)
    throw new SoapFault('caller', `The SOAPAction says ${action ?? 'nothing'}, the body ${quoted}.`)
  }
  return operation
}

function tooLarge(): HttpRefusal {
  return new HttpRefusal(413, `A request has at most ${mostBytes} bytes.`)
}

function refuse(request: IncomingMessage, response: ServerResponse, dialect: Dialect, error: unknown): void {
  if (response.headersSent || response.destroyed) return void response.destroy()
  let drained = 0
  request.on('data', (chunk: Buffer) => {
    drained += chunk.length
    if (drained > mostDrained) request.destroy()
  })
  if (error instanceof HttpRefusal) send(response, error.status, 'text/plain; charset=utf-8', `${error.message}\n`)
  else if (error instanceof SoapFault) sendFault(response, dialect, error.blame, error.message)
  else if (error instanceof UnreadableRequest) sendFault(response, dialect, 'caller', error.message)
  else sendFault(response, dialect, 'service', unprocessed)
}

/** Sends a fault with the status that belongs to it. */
export function sendFault(response: ServerResponse, dialect: Dialect, blame: Blame, text: string): void {
  const { status, body } = dialect.fault(blame, text)
  send(response, status, dialect.contentType, body)
}

/** Sends a whole answer, with its length. */
export function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
