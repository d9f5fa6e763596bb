import type {
  Address,
  AddressParam,
  AlertParam,
  FailoverParam,
  ForwardParam,
  LocationParam,
  NameParam,
  UnforwardParam,
} from '../beyond.ts'
import { type Arguments, guard } from './encode.ts'
import { telephoneNumber, wrong } from './methods-sent.ts'

/**
 * The arguments of the operations beyond the ten as elements, checked before anything is loaded or sent. Order:
 * docs/carrier.md, section 7. Each throws a CarrierError of kind `argument`.
 */
export function didArguments(did: string): Arguments {
  return { did: telephoneNumber('did', did) }
}

export function tnArguments(tn: string): Arguments {
  return { tn: telephoneNumber('tn', tn) }
}

/** An address. What is absent is not sent. */
export function addressArguments(address: Address): Arguments {
  const elements = addressElements.map((name) => [name, optional(name, address[name])] as const)
  return Object.fromEntries(elements.filter(([, value]) => value !== undefined)) as Arguments
}

export function locatedArguments({ tn, address }: AddressParam): Arguments {
  return { did: telephoneNumber('did', tn), ...addressArguments(address) }
}

export function provisionArguments({ tn, locationId }: LocationParam): Arguments {
  return { did: telephoneNumber('did', tn), locationId: text('locationId', locationId) }
}

/** The location stands before the number, in this operation alone. */
export function removeLocationArguments({ tn, locationId }: LocationParam): Arguments {
  return { locationId: text('locationId', locationId), did: telephoneNumber('did', tn) }
}

export function alertArguments({ tn, email }: AlertParam): Arguments {
  return { tn: telephoneNumber('tn', tn), email: text('email', email) }
}

export function nameArguments({ tn, name }: NameParam): Arguments {
  return { tn: telephoneNumber('tn', tn), name: text('name', name) }
}

export function failoverArguments({ tn, failover }: FailoverParam): Arguments {
  return { tn: telephoneNumber('tn', tn), failover: text('failover', failover) }
}

export function forwardArguments({ tn, forward }: ForwardParam): Arguments {
  return { tn: telephoneNumber('tn', tn), forward: text('forward', forward) }
}

export function unforwardArguments({ tn, epgId }: UnforwardParam): Arguments {
  guard('epgId', epgId)
  if (typeof epgId !== 'number' || epgId < 1) throw wrong('epgId must be the id of an endpoint group, 1 or more')
  return { tn: telephoneNumber('tn', tn), epgId: String(epgId) }
}

const addressElements = ['address1', 'address2', 'city', 'state', 'zip', 'plusFour', 'callerName'] as const

function optional(name: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : text(name, value)
}

function text(name: string, value: unknown): string {
  guard(name, value)
  if (typeof value !== 'string') throw wrong(`${name} must be a text`)
  return value
}
