import type { Address, Did911, Done, Location } from '../../carrier/beyond.ts'
import type { Turn } from '../../carrier/carrier.ts'
import type { Facts, Settings } from '../../domain/facts.ts'
import type { Look } from '../write.ts'
import { type DidReading, didFacts } from './did-look.ts'

/** The facts of a number that matter to its 911, beside what the DID methods know. */
export interface SafetyFacts extends Facts {
  /** The address that a call to 911 carries, in one line; absent where it carries none. */
  e911?: string
  /** The name that the 911 operator sees. */
  e911Name?: string
  /** Every location, where the write is about one of them. */
  locations?: readonly { id: string; state: string; line: string }[]
  /** Who is mailed when 911 is dialled, where the write is about that. */
  alerts?: readonly string[]
}

/** A look at a number, with what it carries for 911. */
interface SafetyReading extends DidReading {
  facts: SafetyFacts
}

/** What a write of 911 deals in. */
export interface SafetyKind {
  asked: Settings & { address?: Address; locationId?: string; email?: string }
  facts: SafetyFacts
  reading: SafetyReading
  answered: Done
}

/** An address in one line, as two are compared: in capitals, with single spaces and the five digits of the zip. */
export function lineOf(address: Pick<Address, 'address1'> & Partial<Address>): string {
  const { address1, address2 = '', city = '', state = '', zip = '' } = address
  const line = `${address1} ${address2}, ${city} ${state} ${zip.slice(0, 5)}`
  return line.toUpperCase().replace(/\s+/g, ' ').replaceAll(' ,', ',').trim()
}

/** The location's address in one line. */
function lineOfRecord({ address1 = '', address2, city, state, zipCode }: Did911 | Location): string {
  return lineOf({ address1, ...without({ address2, city, state, zip: zipCode }) })
}

/** The location that a call names, among those of a number. */
export function placeNamed({ locationId }: { locationId?: string }, { locations = [] }: SafetyFacts) {
  return locations.find(({ id }) => id === locationId)
}

/** A number with the address that is provisioned for it. */
export const addressLook: Look<SafetyKind> = lookWith(async () => ({}))

/** A number with its address and all its locations. */
export const locationsLook: Look<SafetyKind> = lookWith(async (carrier, tn, call) => {
  const { records } = await carrier.getLocations(tn, call)
  const locations = records.map((one) => ({
    id: one.locationId ?? '',
    state: one.statusCode ?? '',
    line: lineOfRecord(one),
  }))
  return { locations: locations.sort((a, b) => (a.id < b.id ? -1 : 1)) }
})

/** A number with its address and who is mailed. */
export const alertsLook: Look<SafetyKind> = lookWith(async (carrier, tn, call) => {
  const { emails } = await carrier.Query911Alert(tn, call)
  return { alerts: [...emails].sort() }
})

function lookWith(
  more: (carrier: Turn, tn: string, call: { signal?: AbortSignal | undefined }) => Promise<Partial<SafetyFacts>>,
): Look<SafetyKind> {
  return {
    async read(carrier, tn, at, call) {
      const reading = await didFacts.read(carrier, tn, at, call)
      if (reading.facts.status !== 'yours') return reading
      const { records } = await carrier.query911(tn, call)
      const record = records.find(({ statusCode }) => statusCode === 'PROVISIONED')
      const name = record?.callerName?.trim()
      const facts: SafetyFacts = {
        ...reading.facts,
        ...(record && { e911: lineOfRecord(record) }),
        ...(name && { e911Name: name }),
        ...(await more(carrier, tn, call)),
      }
      return { ...reading, facts }
    },
    same: (a, b) => didFacts.same(a, b) && own(a) === own(b),
    changedBeside: (a, b) => (own(a) === own(b) ? didFacts.changedBeside(a, b) : ' (what it carries for 911)'),
    shown: (facts) => ({ ...didFacts.shown(facts), ...without({ e911: facts.e911, e911Name: facts.e911Name }) }),
  }
}

const own = ({ e911, e911Name, locations, alerts }: SafetyFacts): string =>
  JSON.stringify([e911, e911Name, locations, alerts])

function without<Fields extends object>(fields: Fields): { [key in keyof Fields]?: Exclude<Fields[key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [key in keyof Fields]?: Exclude<Fields[key], undefined>
  }
}
