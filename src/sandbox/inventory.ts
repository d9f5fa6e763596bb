import {
  type CatalogueNumber,
  describe,
  endpointGroups,
  isListed,
  listed,
  mostOwned,
  ownedNumber,
  ownedNumbers,
} from './catalogue.ts'
import { createLocations, type Locations } from './locations.ts'
import { testLine } from './test-lines.ts'

/** Who has which number, and what becomes of it. Every change is synchronous, so that a call is atomic under concurrent callers. */
export interface Inventory {
  /** What is true of a number now, whatever was answered about it. */
  truth(tn: string): Truth
  /** The account's numbers as they are when it is called. */
  owned(): Iterable<Truth>
  /** What anybody could have, as it is when it is called. */
  available(): Iterable<CatalogueNumber>
  /** Holds a number for this account for 30 minutes. */
  reserve(asked: AskedDid): Acted
  /** Puts it on an endpoint group. What is left out is off (`cnam`) or empty (`refId`). */
  assign(asked: AskedDid): Acted
  /**
   * Replaces what the number is set to. The wire means something else than "keep" by leaving a field out, in this
   * sandbox's reading: no `epg` is endpoint group 0, a bad one; no `cnam` is off; no `refId` is empty.
   */
  config(asked: AskedDid): Acted
  /** Sets what is beside endpoint group, dip and reference on a number of ours. */
  adjust(tn: string, to: { cnamName?: string; failover?: string; forward?: string; epg?: number }): void
  /** Whether the account has this endpoint group. */
  serves(epg: number): boolean
  /** The 911 locations of the account's numbers. */
  readonly locations: Locations
  /** Who is mailed when 911 is dialled from a number. */
  readonly alerts: Map<string, string[]>
  /** What is left of the prepaid money, in cents: each purchase takes 150. */
  balanceCents(): number
  /** Gives it back: at once to everybody; a toll-free number that was in service rests and cannot be had again. */
  release(asked: AskedDid): Acted
}

export interface InventoryOptions {
  /** 0 to 500,000. Default 25. */
  owned?: number | undefined
  /** Epoch ms. */
  now?: (() => number) | undefined
  /** The kind of numbers that the account purchases. Default both. */
  origination?: 'both' | 'standard' | 'toll-free' | undefined
}

export interface Truth {
  tn: string
  /** `released` rests after a release; `unknown` is not in the carrier's inventory. */
  state: 'available' | 'reserved' | 'assigned' | 'released' | 'unknown'
  owner?: 'us' | 'other'
  /** 0 unless it is assigned to us. */
  epg: number
  cnam: boolean
  refId: string
  /** The DNIS that calls are delivered with. */
  rewrite: string
  has911: boolean
  cnamName: string
  failover: string
  forward: string
  /** Epoch ms; of a reservation of ours. */
  reservedUntil?: number
  /** What the account is charged, where that is another than the catalogue's. */
  tier?: string
  listing?: CatalogueNumber
}

export interface AskedDid {
  tn: string
  /** 0 where it was left out. */
  epg: number
  cnam: boolean
  refId: string
}

/** The last three digits of the status code (docs/carrier.md, section 6); `100` is success. */
export type CodeTail =
  | '100'
  | '220'
  | '221'
  | '225'
  | '230'
  | '231'
  | '235'
  | '241'
  | '250'
  | '251'
  | '258'
  | '259'
  | '420'

interface Acted {
  tail: CodeTail
  changed: boolean
}

export const reservationMinutes = 30

/** What is left at the start, and what a purchase costs, in cents. */
const balanceAtTheStart = 50_000
const priceCents = 150

/**
 * The numbers as they are at the start, with the account's own among them. Nothing is stored for a number before it changes.
 *
 * @throws RangeError where `owned` is no whole number from 0 to 500,000
 */
export function createInventory(options: InventoryOptions = {}): Inventory {
  const { now = Date.now, origination = 'both' } = options
  const count = options.owned ?? 25
  if (!Number.isInteger(count) || count < 0 || count > mostOwned) {
    throw new RangeError(`An account of this sandbox owns 0 to ${mostOwned} numbers, not ${count}.`)
  }
  /** The holdings that are no longer as the catalogue has them. */
  const holdings = new Map<string, Holding>()

  const holdingOf = (tn: string, from: ReadonlyMap<string, Holding> = holdings): Holding => {
    const held = from.get(tn)
    if (held === undefined) return fromTheStart(tn, count)
    if (held.state === 'reserved' && (held.reservedUntil ?? 0) <= now()) return { state: 'available' }
    return held
  }
  const locations = createLocations((tn) => (ownedNumber(tn, count)?.has911 ? describe(tn) : undefined), now)
  const alerts = new Map<string, string[]>()
  let balance = balanceAtTheStart
  const seen = (tn: string, holding: Holding): Truth => {
    const has911 = isOurs(holding) && locations.provisioned(tn) !== undefined
    return { ...truthOf(tn, holding), has911 }
  }
  const truth = (tn: string) => seen(tn, holdingOf(tn))
  /** A number that comes or goes takes nothing along that was set for it. */
  const forget = (tn: string) => {
    locations.clear(tn)
    alerts.delete(tn)
  }

  const set = (tn: string, holding: Holding, tail: CodeTail = '100'): Acted => {
    holdings.set(tn, holding)
    return { tail, changed: true }
  }

  const unsold = (operation: 'reserve' | 'assign' | 'config', { listing, tn }: Truth): CodeTail | undefined => {
    if (operation !== 'config' && listing?.tier === '777') return '259'
    if (listing?.tollFree && origination === 'standard') return '250'
    if (!listing?.tollFree && origination === 'toll-free' && operation !== 'reserve') return '251'
    if (operation !== 'config' && testLine(tn)?.truth === 'unknown error') return '221'
    return undefined
  }

  return {
    truth,

    *owned() {
      const then = new Map(holdings)
      for (const { tn } of ownedNumbers(count)) {
        const holding = holdingOf(tn, then)
        if (isOurs(holding)) yield seen(tn, holding)
      }
      for (const [tn, holding] of then) {
        if (isOurs(holding) && ownedNumber(tn, count) === undefined) yield seen(tn, holding)
      }
    },

    *available() {
      const then = new Map(holdings)
      const more = [...then.keys()].filter((tn) => !isListed(tn))
      for (const tns of [listed(), more]) {
        for (const tn of tns) {
          const listing = describe(tn)
          if (listing !== undefined && holdingOf(tn, then).state === 'available') yield listing
        }
      }
    },

    reserve({ tn, refId }) {
      const before = truth(tn)
      const refused = refusal('reserve', before) ?? unsold('reserve', before)
      if (refused !== undefined) return unchanged(refused)
      const reservedUntil = now() + reservationMinutes * 60_000
      return set(tn, { state: 'reserved', owner: 'us', refId, reservedUntil, ...charged(before) })
    },

    assign({ tn, epg, cnam, refId }) {
      const before = truth(tn)
      const refused = refusal('assign', before) ?? unsold('assign', before) ?? badGroup(epg)
      if (refused !== undefined) return unchanged(refused)
      balance -= priceCents
      return set(tn, {
        state: 'assigned',
        owner: 'us',
        epg: routed(tn, epg),
        cnam,
        refId,
        rewrite: tn,
        ...charged(before),
      })
    },

    config({ tn, epg, cnam, refId }) {
      const before = truth(tn)
      const refused = refusal('config', before) ?? unsold('config', before) ?? badGroup(epg)
      if (refused !== undefined) return unchanged(refused)
      return set(tn, { ...holdingOf(tn), epg: routed(tn, epg), cnam, refId })
    },

    adjust: (tn, to) => void set(tn, { ...holdingOf(tn), ...to }),
    serves: (epg) => endpointGroups.includes(epg),
    locations,
    alerts,
    balanceCents: () => balance,

    release({ tn }) {
      const before = truth(tn)
      const refused = refusal('release', before)
      if (refused !== undefined) return unchanged(refused)
      forget(tn)
      const rests = before.state === 'assigned' && before.listing?.tollFree
      return rests ? set(tn, { state: 'released' }, '241') : set(tn, { state: 'available' }, '231')
    },
  }
}

type Holding = Pick<Truth, 'state'> & Partial<Omit<Truth, 'tn' | 'listing'>>

type Change = 'reserve' | 'assign' | 'config' | 'release'

/** What each state of a number means to each change; a dash lets it go on. */
const refusals: { readonly [change in Change]: { readonly [state in Truth['state']]: CodeTail | '-' } } = {
  reserve: { available: '-', reserved: '220', assigned: '225', released: '420', unknown: '420' },
  assign: { available: '-', reserved: '-', assigned: '225', released: '420', unknown: '420' },
  config: { available: '221', reserved: '225', assigned: '-', released: '420', unknown: '420' },
  release: { available: '231', reserved: '-', assigned: '-', released: '241', unknown: '420' },
}

function refusal(change: Change, { state, owner }: Truth): CodeTail | undefined {
  if (owner === 'other') return state === 'reserved' ? '230' : '235'
  const refused = refusals[change][state]
  return refused === '-' ? undefined : refused
}

function badGroup(epg: number): CodeTail | undefined {
  return endpointGroups.includes(epg) ? undefined : '258'
}

/** The endpoint group that a number goes to when it is to go to `epg`. */
function routed(tn: string, epg: number): number {
  if (testLine(tn)?.truth !== 'other group and tier') return epg
  return endpointGroups[(endpointGroups.indexOf(epg) + 1) % endpointGroups.length] ?? epg
}

/** The tier at which a number is had, where it is not the one that is listed. */
function charged({ tn, listing }: Truth): { tier?: string } {
  if (testLine(tn)?.truth !== 'other group and tier') return {}
  return { tier: listing?.tier === '4' ? '3' : '4' }
}

function unchanged(tail: CodeTail): Acted {
  return { tail, changed: false }
}

function isOurs({ state, owner }: Holding): boolean {
  return state === 'assigned' && owner === 'us'
}

function fromTheStart(tn: string, count: number): Holding {
  const owned = ownedNumber(tn, count)
  if (owned !== undefined) {
    const { epg, cnam, refId, has911, cnamName } = owned
    return { state: 'assigned', owner: 'us', epg, cnam, refId, rewrite: tn, has911, cnamName }
  }
  if (!isListed(tn)) return { state: 'unknown' }
  const { truth } = testLine(tn) ?? {}
  if (truth === 'assigned elsewhere') return { state: 'assigned', owner: 'other' }
  if (truth === 'reserved elsewhere') return { state: 'reserved', owner: 'other' }
  return { state: 'available' }
}

function truthOf(tn: string, holding: Holding): Truth {
  const listing = holding.state === 'unknown' ? undefined : describe(tn)
  return { ...nothing, ...holding, tn, ...(listing && { listing }) }
}

const nothing = { epg: 0, cnam: false, refId: '', rewrite: '', has911: false, cnamName: '', failover: '', forward: '' }
