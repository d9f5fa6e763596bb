import type { OperationName } from '../../../src/carrier/soap/wsdl.ts'

/** An answer as ASP.NET writes it. */
export function answer(operation: OperationName, result: string): string {
  return (
    '<?xml version="1.0" encoding="utf-8"?>' +
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" ' +
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">' +
    `<soap:Body><${operation}Response xmlns="http://tempuri.org/"><${operation}Result>${result}` +
    `</${operation}Result></${operation}Response></soap:Body></soap:Envelope>`
  )
}

export function success(content = ''): string {
  return `<responseCode>100</responseCode><responseMessage>Success</responseMessage>${content}`
}

export function fault(reason: string): string {
  return (
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault>' +
    `<faultcode>soap:Server</faultcode><faultstring>${reason}</faultstring><detail/>` +
    '</soap:Fault></soap:Body></soap:Envelope>'
  )
}

/** The same in SOAP 1.2. */
export function fault12(reason: string): string {
  return (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault>' +
    '<s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>s:Sender</s:Value></s:Subcode></s:Code>' +
    `<s:Reason><s:Text xml:lang="en">${reason}</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>`
  )
}

/** An assigned number, full schema. `changes` replaces the text of elements; `undefined` leaves one out. */
export function did(changes: Record<string, string | undefined> = {}): string {
  const all: Record<string, string | undefined> = {
    tn: '4352154006',
    availability: 'assigned',
    rewrite: '4352154006',
    status: "Number currently assigned to you with refid '' rewritten as '4352154006' to endpoint '8674'",
    statusCode: '100',
    tier: '2',
    refId: '',
    failover: '',
    forward: '',
    cnamName: 'ACME &amp; SONS',
    state: 'UT',
    rateCenter: 'ST GEORGE',
    didGroupId: '',
    Network: 'Level3',
    endpointId: '8674',
    expireDate: '1900-01-01T00:00:00',
    has411: 'false',
    has911: 'true',
    cnam: 'false',
    cnamStorageActive: 'false',
    cnamStorageAvailability: 'true',
    t38: 'true',
    ...changes,
  }
  const elements = Object.entries(all).filter(([, text]) => text !== undefined)
  return `<DID>${elements.map(([name, text]) => (text === '' ? `<${name}/>` : `<${name}>${text}</${name}>`)).join('')}</DID>`
}

/** The number above as the domain has it. */
export const decoded = {
  tn: '4352154006',
  availability: 'assigned',
  rewrite: '4352154006',
  status: "Number currently assigned to you with refid '' rewritten as '4352154006' to endpoint '8674'",
  statusCode: 100,
  tier: '2',
  cnamName: 'ACME & SONS',
  state: 'UT',
  rateCenter: 'ST GEORGE',
  network: 'Level3',
  endpointId: 8674,
  has411: false,
  has911: true,
  cnam: false,
  cnamStorageActive: false,
  cnamStorageAvailability: true,
  t38: true,
} as const

/** What is asked of the number in most tests, what the carrier answers, and what comes of it. */
export const numbers = [{ tn: decoded.tn }]
export const queried = answer('queryDID', success(`<DIDs>${did()}</DIDs>`))
export const found = { tn: decoded.tn, code: 100 }
export const reserved = answer('reserveDID', success(`<DIDs>${did({ availability: 'reserved' })}</DIDs>`))
