import type { CatalogueNumber } from './catalogue.ts'

/** The address of a location as a request states it. */
export interface AskedAddress {
  address1: string
  address2: string
  city: string
  state: string
  zip: string
  plusFour: string
  callerName: string
}

/** One 911 location of a number. */
export interface LocationHeld extends AskedAddress {
  locationId: string
  state911: 'PROVISIONED' | 'GEOCODED' | 'INVALID'
  /** Epoch ms. */
  at: number
}

/**
 * The 911 locations of the account's numbers. A number with 911 from the start has one that is provisioned; at most one of
 * a number's is. Every change is synchronous.
 */
export interface Locations {
  /** Tells the locations of a number; none is stored before something changes. */
  of(tn: string): readonly LocationHeld[]
  provisioned(tn: string): LocationHeld | undefined
  /** What was provisioned before, the latest first. */
  history(tn: string): readonly LocationHeld[]
  /** Adds one and provisions it, in the place of the one that is. One with an invalid address provisions nothing. */
  put(tn: string, address: AskedAddress): void
  /** Adds one without provisioning it. Its caller name becomes that of the others. */
  add(tn: string, address: AskedAddress): LocationHeld
  /** False where there is no such location, or it is invalid. */
  provision(tn: string, locationId: string): boolean
  /** False where there is no such location, or it is invalid. */
  remove(tn: string, locationId: string): boolean
  /** Ends all. */
  clear(tn: string): void
}

export function createLocations(
  fromTheStart: (tn: string) => CatalogueNumber | undefined,
  now: () => number,
): Locations {
  const held = new Map<string, LocationHeld[]>()
  const before = new Map<string, LocationHeld[]>()
  let last = 700_000

  const of = (tn: string): LocationHeld[] => {
    const known = held.get(tn)
    if (known !== undefined) return known
    const listing = fromTheStart(tn)
    return listing === undefined ? [] : [first(listing)]
  }
  const made = (address: AskedAddress, state911: LocationHeld['state911']): LocationHeld => {
    return { ...inCapitals(address), locationId: String(++last), state911, at: now() }
  }
  const retire = (tn: string, locations: readonly LocationHeld[]): LocationHeld[] => {
    const were = locations.filter(({ state911 }) => state911 === 'PROVISIONED')
    before.set(tn, [...were, ...(before.get(tn) ?? [])])
    return locations.filter((one) => !were.includes(one))
  }

  return {
    of,
    provisioned: (tn) => of(tn).find(({ state911 }) => state911 === 'PROVISIONED'),
    history: (tn) => before.get(tn) ?? [],
    put(tn, address) {
      const kept = retire(tn, of(tn))
      held.set(tn, [...kept, made(address, isValid(address) ? 'PROVISIONED' : 'INVALID')])
    },
    add(tn, address) {
      const location = made(address, isValid(address) ? 'GEOCODED' : 'INVALID')
      const others = of(tn).map((one) => ({ ...one, callerName: location.callerName || one.callerName }))
      held.set(tn, [...others, location])
      return location
    },
    provision(tn, locationId) {
      const chosen = of(tn).find((one) => one.locationId === locationId)
      if (chosen === undefined || chosen.state911 === 'INVALID') return false
      const others = retire(
        tn,
        of(tn).filter((one) => one !== chosen),
      )
      held.set(tn, [...others, { ...chosen, state911: 'PROVISIONED', at: now() }])
      return true
    },
    remove(tn, locationId) {
      const chosen = of(tn).find((one) => one.locationId === locationId)
      if (chosen === undefined || chosen.state911 === 'INVALID') return false
      retire(tn, [chosen])
      held.set(
        tn,
        of(tn).filter((one) => one !== chosen),
      )
      return true
    },
    clear(tn) {
      retire(tn, of(tn))
      held.set(tn, [])
    },
  }
}

/**
 * The ways in which an address is not good for 911 here: no house number first, a post box, no city, a state that is not two
 * letters, a zip that is not five digits or is 00000 (docs/carrier.md, section 7).
 */
export function isValid({ address1, city, state, zip }: AskedAddress): boolean {
  return (
    /^[0-9]+[A-Z]? \S/i.test(address1.trim()) &&
    !/\bp\.? ?o\.? ?box\b/i.test(address1) &&
    city.trim() !== '' &&
    /^[A-Z]{2}$/i.test(state.trim()) &&
    /^(?!00000)[0-9]{5}$/.test(zip.trim())
  )
}

/** The location of a number that has 911 from the start. */
function first({ tn, rateCenter, state }: CatalogueNumber): LocationHeld {
  return {
    locationId: `6${tn.slice(-5)}`,
    address1: `${Number(tn.slice(-4)) + 1} MAIN ST`,
    address2: '',
    city: rateCenter,
    state,
    zip: `8${tn.slice(-4)}`,
    plusFour: '3059',
    callerName: `SANDBOX ${tn.slice(0, 3)}`,
    state911: 'PROVISIONED',
    at: Date.UTC(2013, 10, 25, 17, 32, 48),
  }
}

/** The carrier writes addresses in capitals. */
function inCapitals(address: AskedAddress): AskedAddress {
  const entries = Object.entries(address).map(([name, value]) => [name, value.trim().toUpperCase()])
  return Object.fromEntries(entries)
}
