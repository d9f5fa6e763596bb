import { isTelephoneNumber } from '../../domain/telephone-number.ts'
import type { Criteria, DidParam, OrderBy } from '../carrier.ts'
import { CarrierError } from '../errors.ts'
import { type Arguments, guard } from './encode.ts'

/**
 * The domain's arguments as an operation's elements, checked before anything is loaded or sent. Order: docs/carrier.md,
 * section 2. Each throws a CarrierError of kind `argument`.
 */
export function queryArguments(did: string): Arguments {
  return { did: telephoneNumber('did', did) }
}

export function portabilityArguments(tn: string): Arguments {
  return { tn: telephoneNumber('tn', tn) }
}

export function portArguments(portId: number): Arguments {
  guard('portId', portId)
  if (typeof portId !== 'number') throw wrong('portId must be a whole number')
  return { portId }
}

/** `orderby` stands between `cnam` and `sms`, in getDIDCount alone. Blank criteria are not searched on, so not sent. */
export function searchArguments(criteria: Criteria & { orderby?: OrderBy | undefined }): Arguments {
  const elements: Record<string, string> = {}
  for (const name of searchOrder) {
    const given: unknown = criteria[name]
    guard(name, given)
    const value = typeof given === 'string' ? given.trim() : given
    if (value === undefined || value === '') continue
    elements[name] = typeof value === 'boolean' ? flag(value) : String(value)
  }
  if (Object.keys(elements).every((name) => name === 'orderby')) {
    throw wrong('A search needs at least one criterion')
  }
  return elements
}

/**
 * One DIDParam a number. `soap` sorts its elements into wire order: tn, cnam, refId, epg. The schema asks for an epg
 * everywhere, and a missing one arrives as 0 (section 4, point 12).
 */
export function paramArguments(
  operation: 'reserveDID' | 'assignDID' | 'configDID',
  params: readonly DidParam[],
): Arguments {
  return list(params, ({ tn, epg, cnam, refId }) => {
    guard('refId', refId)
    guard('epg', epg)
    if (refId !== undefined && typeof refId !== 'string') throw wrong('refId must be a text')
    if (cnam !== undefined && typeof cnam !== 'boolean') throw wrong('cnam must be true or false')
    if (epg === undefined ? operation === 'assignDID' : typeof epg !== 'number' || epg < 1) {
      throw wrong('epg must be the id of an endpoint group, 1 or more')
    }
    return {
      tn: telephoneNumber('tn', tn),
      ...(cnam === undefined ? {} : { cnam: flag(cnam) }),
      ...(refId === undefined ? {} : { refId }),
      epg: epg ?? noEndpointGroup,
    }
  })
}

/** The numbers alone, and the epg that the schema asks for and that has no meaning here. */
export function releaseArguments(params: readonly DidParam[]): Arguments {
  return list(params, ({ tn }) => ({ tn: telephoneNumber('tn', tn), epg: noEndpointGroup }))
}

const noEndpointGroup = 0

const searchOrder = [
  'state',
  'lata',
  'rateCenter',
  'npa',
  'nxx',
  'tier',
  't38',
  'cnam',
  'orderby',
  'sms',
  'network',
] as const

function list(
  params: readonly DidParam[],
  item: (param: DidParam) => Readonly<Record<string, string | number>>,
): Arguments {
  if (params.length === 0) throw wrong('didParams must name at least one number')
  return { didParams: { DIDParam: params.map(item) } }
}

/** A number as it is sent; `name` is the element's. */
export function telephoneNumber(name: string, tn: unknown): string {
  guard(name, tn)
  if (typeof tn !== 'string' || !isTelephoneNumber(tn)) throw wrong(`${name} must be ten digits`)
  return tn
}

function flag(value: boolean): string {
  return value ? '1' : '0'
}

/** An argument that cannot be sent: `what` says what it must be. */
export function wrong(what: string): CarrierError {
  return new CarrierError('argument', `${what}. Nothing was sent.`, { maybeSent: false })
}
