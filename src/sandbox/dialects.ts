import { escapeXml } from './xml.ts'

/** What differs between SOAP 1.1 and 1.2 on the wire. The server of `soap` reads either and writes 1.1. */
export interface Dialect {
  version: '1.1' | '1.2'
  /** The namespace of its envelope. */
  namespace: string
  /** The content type of every document that is written in it. */
  contentType: string
  /** An envelope as `soap` wrote it, in this dialect. */
  translated(xml: string): string
  fault(blame: Blame, text: string): { status: number; body: string }
}

/** Who is to mend it: the caller, by another request, or the service. */
export type Blame = 'caller' | 'service' | 'version'

export const soap11: Dialect = {
  version: '1.1',
  namespace: 'http://schemas.xmlsoap.org/soap/envelope/',
  contentType: 'text/xml; charset=utf-8',
  translated: (xml) => xml,
  fault(blame, text) {
    const code = { caller: 'Client', service: 'Server', version: 'VersionMismatch' }[blame]
    const fault = `<faultcode>soap:${code}</faultcode><faultstring>${escapeXml(text)}</faultstring>`
    return { status: 500, body: faultDocument(soap11, fault) }
  },
}

const soap12: Dialect = {
  version: '1.2',
  namespace: 'http://www.w3.org/2003/05/soap-envelope',
  contentType: 'application/soap+xml; charset=utf-8',
  // The declaration stands once, in the first tag; whatever a caller wrote comes after it.
  translated: (xml) => xml.replace(`="${soap11.namespace}"`, `="${soap12.namespace}"`),
  fault(blame, text) {
    const code = { caller: 'Sender', service: 'Receiver', version: 'VersionMismatch' }[blame]
    const reason = `<soap:Reason><soap:Text xml:lang="en">${escapeXml(text)}</soap:Text></soap:Reason>`
    const fault = `<soap:Code><soap:Value>soap:${code}</soap:Value></soap:Code>${reason}`
    return { status: blame === 'caller' ? 400 : 500, body: faultDocument(soap12, fault) }
  },
}

/** The dialect of a request, by its content type without parameters. `undefined`: it is not SOAP. */
export function dialectOf(mediaType: string): Dialect | undefined {
  return [soap11, soap12].find(({ contentType }) => contentType.startsWith(`${mediaType};`))
}

/** What ASP.NET says where the service itself failed. */
export const unprocessed = 'Server was unable to process request.'

function faultDocument({ namespace }: Dialect, fault: string): string {
  return (
    `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="${namespace}"><soap:Body>` +
    `<soap:Fault>${fault}</soap:Fault></soap:Body></soap:Envelope>`
  )
}
