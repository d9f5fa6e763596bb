import type { Did, Queried } from '../../carrier/carrier.ts'
import { queryStatus } from '../../carrier/outcomes.ts'
import type { Facts } from '../../domain/facts.ts'
import type { Kind, Look, Reading } from '../write.ts'

/** What the four writes of the DID methods deal in. */
export interface DidKind extends Kind {
  reading: DidReading
  answered: Did
}

/** One number as `queryDID` or an audit said it is. */
export interface DidReading extends Reading {
  /** The number's row; absent for the dummy that stands for "none". */
  did?: Did | undefined
  /** The carrier knows no such number, or has it out of sale: 102420 or `Unavailable` (docs/write-path.md: N). */
  none?: boolean | undefined
}

/** Numbers that are to be had: each is queried. */
export const didFacts: Look<DidKind> = {
  read: async (carrier, tn, at, call) => readingOf(await carrier.queryDID(tn, call), at),
  same: sameFacts,
  changedBeside,
  shown: (facts) => known(Object.fromEntries(shown.map((name) => [name, facts[name]])) as Facts),
}

/** The facts that a result shows, in their one order. */
const shown = ['status', 'epg', 'tier', 'has911', 'cnam', 'refId', 'rewrite', 'failover', 'forward'] as const

/** Numbers of the account's own: an audit shows them, too. */
export const ownDidFacts: Look<DidKind> = {
  ...didFacts,
  audit: (carrier, row, at, call) =>
    carrier.auditDIDs((did) => row(readingOf({ tn: did.tn, code: did.statusCode, did }, at)), call),
}

/** A number's row as a reading, whether a query or an audit showed it. */
function readingOf(queried: Queried, at: number): DidReading {
  const { tn, code, did } = queried
  const availability = did?.availability
  return {
    tn,
    at,
    code,
    did,
    facts: factsOf(queryStatus(code, availability), did),
    none: code === 102420 || availability?.toLowerCase() === 'unavailable',
  }
}

export function sameFacts(a: Facts, b: Facts): boolean {
  return compared.every(([name, same]) => same(a[name], b[name]))
}

function changedBeside(a: Facts, b: Facts): string {
  const changed = compared.filter(([name, same]) => !same(a[name], b[name]))
  const named = changed.flatMap(([, , beside]) => beside ?? [])
  return named.length === changed.length ? ` (${named.join(', ')})` : ''
}

type Same = (a: Facts[keyof Facts], b: Facts[keyof Facts]) => boolean

const equal: Same = (a, b) => a === b
const off: Same = (a, b) => (a ?? false) === (b ?? false)
const text: Same = (a, b) => (a ?? '') === (b ?? '')
/** Older services leave it out of some answers: compared only where both say it. */
const place: Same = (a, b) => a === undefined || b === undefined || a === b

/** Each fact with what is the same of it, and with its name where results do not show it. */
const compared: readonly (readonly [name: keyof Facts, same: Same, beside?: string])[] = [
  ['status', equal],
  ['epg', equal],
  ['tier', equal],
  ['has911', equal],
  ['cnam', off],
  ['refId', text],
  ['rewrite', text],
  ['failover', text],
  ['forward', text],
  ['cnamName', text, 'its caller name'],
  ['state', place, 'its state'],
  ['rateCenter', place, 'its rate center'],
  ['didGroupId', place, 'its DID group'],
]

function factsOf(status: Facts['status'], did: Did | undefined): Facts {
  const tier = did?.tier
  // Of another company's number only the tier is anybody's business; the rest of the row is sentinels.
  if (did === undefined || status === 'taken' || status === 'unknown') return known({ status, tier })
  const { endpointId: epg, has911, cnam, refId, failover, forward, cnamName, state, rateCenter, didGroupId } = did
  if (status === 'available') return known({ status, tier, state, rateCenter })
  const rewrite = did.rewrite === did.tn ? undefined : did.rewrite
  const routing = { epg, rewrite, failover, forward }
  return known({ status, tier, ...routing, has911, cnam, refId, cnamName, state, rateCenter, didGroupId })
}

/** The facts without what the carrier did not say. */
function known(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as unknown as Facts
}
