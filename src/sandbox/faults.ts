/** A way in which a carrier goes wrong: what still happens to the numbers, and what the caller gets. */
export interface Fault {
  /** The behaviour in words for a person. */
  behaviour: string
  /** What happens to the numbers of a write: nothing, what was asked, or that a while later. Reads change nothing. */
  effect: 'none' | 'applied' | 'late'
  /** The delay of a late effect, milliseconds. Default 3000. */
  lateMs?: number
  delivery: Delivery
}

export type Delivery =
  /** The answer, changed in its text. */
  | { kind: 'answer'; edit?: (xml: string, operation: string) => string }
  /** An answer whose envelope says only this. */
  | { kind: 'envelope'; code: number }
  /** The answer of a release that did not work. */
  | { kind: 'still held' }
  /** The answer of a reservation or an assignment with "unknown error" for each number. */
  | { kind: 'unknown error' }
  /** The answer, then the connection is closed, which no header announced. */
  | { kind: 'close' }
  /** Whatever body, of the type of an answer unless it has its own. */
  | { kind: 'page'; status: number; type?: string; body: string; headers?: { [name: string]: string } }
  /** A fault of the service's own. */
  | { kind: 'fault' }
  /** The connection is reset, without a byte. */
  | { kind: 'reset' }
  /** The answer comes late (`slowMs`). */
  | { kind: 'slow' }
  /** No answer, on an open connection. */
  | { kind: 'silence' }
  /** A byte every 20 ms: never idle, never done. */
  | { kind: 'trickle' }
  /** The first half of the answer, then a reset. */
  | { kind: 'hang up' }
  /** Rows without end, until the caller hangs up or 1 GiB is sent. */
  | { kind: 'flood' }

export type FaultName = keyof typeof faults

/** Every named fault. The test lines use nine of them; all can be injected by tests. */
export const faults = {
  'reset before': { behaviour: 'reset, nothing done', effect: 'none', delivery: { kind: 'reset' } },
  'reset after': { behaviour: 'done, then reset without an answer', effect: 'applied', delivery: { kind: 'reset' } },
  slow: { behaviour: 'done, answered late', effect: 'applied', delivery: { kind: 'slow' } },
  silence: { behaviour: 'done, never answered', effect: 'applied', delivery: { kind: 'silence' } },
  'silence before': { behaviour: 'nothing done, never answered', effect: 'none', delivery: { kind: 'silence' } },
  'silence late': { behaviour: 'done later, never answered', effect: 'late', delivery: { kind: 'silence' } },
  late: { behaviour: 'HTTP 503 with a page, done later', effect: 'late', delivery: page(503) },
  'reset late': { behaviour: 'reset, done later', effect: 'late', delivery: { kind: 'reset' } },
  'fault 500': { behaviour: 'a SOAP fault, nothing done', effect: 'none', delivery: { kind: 'fault' } },
  'html 200': { behaviour: 'HTTP 200 with a page, nothing done', effect: 'none', delivery: page(200) },
  'html 502': { behaviour: 'HTTP 502 with a page, nothing done', effect: 'none', delivery: page(502) },
  'html 503': { behaviour: 'HTTP 503 with a page, nothing done', effect: 'none', delivery: page(503) },
  'html 504': { behaviour: 'HTTP 504 with a page, done', effect: 'applied', delivery: page(504) },
  redirect: {
    behaviour: 'HTTP 307 to another path, nothing done',
    effect: 'none',
    delivery: { ...page(307), headers: { location: '/elsewhere' } },
  },
  cut: edited('done, answer cut in the middle', (xml) => xml.slice(0, Math.floor(xml.length / 2))),
  'hang up': { behaviour: 'done, reset within the answer', effect: 'applied', delivery: { kind: 'hang up' } },
  empty: {
    behaviour: 'done, HTTP 200 without a body',
    effect: 'applied',
    delivery: { kind: 'page', status: 200, body: '' },
  },
  'not xml': {
    behaviour: 'done, text where XML should be',
    effect: 'applied',
    delivery: { kind: 'page', status: 200, body: 'OK' },
  },
  'wrong operation': edited("done, another operation's answer", (xml, operation) => {
    const other = operation === 'queryDID' ? 'auditDIDs' : 'queryDID'
    return xml.replaceAll(`${operation}Res`, `${other}Res`)
  }),
  trickle: { behaviour: 'done, answered byte by byte', effect: 'applied', delivery: { kind: 'trickle' } },
  oversized: { behaviour: 'done, an answer without end', effect: 'applied', delivery: { kind: 'flood' } },
  'envelope 900': {
    behaviour: 'envelope 900, nothing done',
    effect: 'none',
    delivery: { kind: 'envelope', code: 900 },
  },
  'envelope 900 late': {
    behaviour: 'envelope 900, done later',
    effect: 'late',
    delivery: { kind: 'envelope', code: 900 },
  },
  'envelope 901': {
    behaviour: 'envelope 901, nothing done',
    effect: 'none',
    delivery: { kind: 'envelope', code: 901 },
  },
  'envelope 902': {
    behaviour: 'envelope 902, nothing done',
    effect: 'none',
    delivery: { kind: 'envelope', code: 902 },
  },
  'envelope unknown': {
    behaviour: 'envelope 999, nothing done',
    effect: 'none',
    delivery: { kind: 'envelope', code: 999 },
  },
  'still held': { behaviour: 'a release that did not work', effect: 'none', delivery: { kind: 'still held' } },
  'unknown error late': {
    behaviour: 'unknown error for every number, done later',
    effect: 'late',
    lateMs: 6_000,
    delivery: { kind: 'unknown error' },
  },
  closing: { behaviour: 'done, closed after the answer', effect: 'applied', delivery: { kind: 'close' } },
  'unknown code': edited('done, every number with a code that nobody knows', (xml) =>
    xml.replace(/<statusCode>\d*</g, '<statusCode>109999<'),
  ),
  'duplicated row': edited('done, the first number stands twice', (xml) => xml.replace(firstRow, '$&$&')),
  'missing row': edited('done, the first number is missing', (xml) => xml.replace(firstRow, '')),
  'garbage integer': edited('done, an integer with letters in it', (xml) =>
    xml.replace(/<(endpointId|lataId|id)>\d+</, '<$1>12abc<'),
  ),
  'garbage code': edited('done, a responseCode with a space in it', (xml) =>
    xml.replace(/<responseCode>\d+</, '<responseCode>1 00<'),
  ),
  'proto attribute': edited('done, an attribute id="__proto__"', (xml, operation) =>
    xml.replace(new RegExp(`<${operation}Result`), '$& id="__proto__"'),
  ),
  dtd: edited('done, an answer with a DTD', (xml) =>
    xml.replace('?>', '?><!DOCTYPE x [<!ENTITY e "eeeeeeee"><!ENTITY f "&e;&e;&e;&e;">]>'),
  ),
} as const satisfies { readonly [name: string]: Fault }

/** The names, to go through them all. */
export const faultNames = Object.keys(faults) as FaultName[]

const firstRow = /<(DID|DIDLocator|DIDCount)>.*?<\/\1>/s

function edited(behaviour: string, edit: (xml: string, operation: string) => string) {
  return { behaviour, effect: 'applied', delivery: { kind: 'answer', edit } } as const
}

function page(status: number) {
  const body = `<html><head><title>${status}</title></head><body><h1>${status}</h1><hr></body></html>`
  return { kind: 'page', status, type: 'text/html', body } as const
}
