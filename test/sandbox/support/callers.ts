import { type Agent, type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import { type Client, createClientAsync } from 'soap'
import type { Sandbox } from '../../../src/sandbox/service.ts'

/** What the stock client of `soap` makes of an answer. */
export interface Result {
  responseCode: number
  responseMessage: string
  DIDs?: { DID: Record<string, unknown>[] } | null
  DIDLocators?: { DIDLocator: Record<string, unknown>[] } | null
  DIDCounts?: { DIDCount: Record<string, unknown>[] } | null
  [element: string]: unknown
}

export type Stock = (operation: string, args?: Record<string, unknown>) => Promise<Result>

/** The stock client, from the service's own description, with the sandbox's credentials. Dates stay text. */
export async function stock(sandbox: Sandbox): Promise<Stock> {
  const client: Client = await createClientAsync(`${sandbox.endpoint}?wsdl`, {
    disableCache: true,
    customDeserializer: { dateTime: (text: string) => text },
  })
  return async (operation, args = {}) => {
    const [answer] = await client[`${operation}Async`]({ login: 'sandbox', secret: 'sandbox', ...args })
    return answer[`${operation}Result`]
  }
}

/** DIDParams of a write. */
export function params(...of: (string | Record<string, unknown>)[]): Record<string, unknown> {
  return { didParams: { DIDParam: of.map((one) => (typeof one === 'string' ? { tn: one } : one)) } }
}

export function codes({ responseCode, DIDs }: Result): [number, ...unknown[]] {
  return [responseCode, ...(DIDs?.DID ?? []).map(({ statusCode }) => statusCode)]
}

/** A request as PHP's client would write it. */
export function envelope(operation: string, inner: string, login = 'sandbox'): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns1="http://tempuri.org/"><SOAP-ENV:Body><ns1:${operation}><ns1:login>${login}</ns1:login><ns1:secret>sandbox</ns1:secret>${inner}</ns1:${operation}></SOAP-ENV:Body></SOAP-ENV:Envelope>`
}

/** The same request in SOAP 1.2. */
export function in12(envelope: string): string {
  return envelope.replace('http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope')
}

/** The headers of a SOAP 1.2 request, which has no SOAPAction. */
export function soap12(operation: string | null = 'queryDID', charset = 'utf-8'): Record<string, string | undefined> {
  const action = operation && `; action="http://tempuri.org/${operation}"`
  return { 'content-type': `application/soap+xml; charset=${charset}${action ?? ''}`, soapaction: undefined }
}

export function write(operation: string, ...tns: string[]): string {
  const rows = tns.map((tn) => `<ns1:DIDParam><ns1:tn>${tn}</ns1:tn><ns1:epg>8674</ns1:epg></ns1:DIDParam>`)
  return envelope(operation, `<ns1:didParams>${rows.join('')}</ns1:didParams>`)
}

export interface Wire {
  status?: number
  headers?: IncomingHttpHeaders
  body: string
  /** How the connection failed, if it did. */
  error?: string | undefined
}

export interface Posting {
  operation: string
  body: string | Buffer
  headers?: Record<string, string | undefined>
  path?: string
  method?: string
  /** Hangs up once so many bytes of the answer have come. */
  upTo?: number
  signal?: AbortSignal
  /** Default none: a connection for this posting alone. */
  agent?: Agent
}

/** What an answer of the full schema holds beside its code, where it has no rows. */
export const nothing = {
  DIDs: null,
  DIDLocators: null,
  DIDCounts: null,
  ConferenceLine: { Enabled: false, PIN: '' },
}

/** A raw client: exactly these bytes, and exactly what came back. */
export function post(sandbox: Sandbox, posting: Posting): Promise<Wire> {
  const { operation, body, headers, method = 'POST', upTo = Number.POSITIVE_INFINITY, signal, agent = false } = posting
  const url = new URL(posting.path ?? sandbox.endpoint, sandbox.endpoint)
  const all = { 'content-type': 'text/xml; charset=utf-8', soapaction: `"http://tempuri.org/${operation}"`, ...headers }
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
  return new Promise((resolve) => {
    const wire: Wire = { body: '' }
    const failed = (error: Error & { code?: string }) => resolve({ ...wire, error: error.code ?? error.message })
    const sent = request(url, { method, headers: given, agent, ...(signal && { signal }) }, (response) => {
      Object.assign(wire, { status: response.statusCode, headers: response.headers })
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        wire.body += chunk
        if (wire.body.length >= upTo) sent.destroy(new Error('enough'))
      })
      response.on('end', () => resolve(wire))
      response.on('error', failed)
    })
    sent.on('error', failed)
    sent.end(body)
  })
}

/** Bytes on a bare socket, and everything that came back until it was closed. */
export function bytes(sandbox: Sandbox, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(Number(new URL(sandbox.endpoint).port), '127.0.0.1', () => socket.write(text))
    socket.setEncoding('utf8')
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer))
  })
}
