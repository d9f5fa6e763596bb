import { askEach } from '../carrier/ask-each.ts'
import type { Call, CarrierReads, Did, Queried } from '../carrier/carrier.ts'
import { CarrierError } from '../carrier/errors.ts'
import { explain, queryStatus } from '../carrier/outcomes.ts'
import type { Facts } from '../domain/facts.ts'

/** One number as `queryDID` or an audit said it is, at a moment. */
export interface Reading {
  tn: string
  /** When the query or the audit was begun. */
  at: number
  code: number
  facts: Facts
  /** Absent for the dummy that stands for "none". */
  did?: Did | undefined
  /** The carrier knows no such number, or has it out of sale: 102420 or `Unavailable` (docs/write-path.md: N). */
  none: boolean
  /** Why the carrier would not say what this one number is; nothing is known of it then. */
  refused?: string | undefined
}

/**
 * Reads each number fresh, all at once (the carrier bounds how many are in flight), and hands each to `each` as it comes. A
 * number that the carrier refuses is its own reading. Throws CarrierError where a query fails otherwise, and ends the others: a thousand queries do not go
 * on for nobody.
 */
export async function readNumbers(
  carrier: Pick<CarrierReads, 'queryDID'>,
  tns: readonly string[],
  at: number,
  signal?: AbortSignal,
  each: (reading: Reading) => void = () => undefined,
): Promise<Reading[]> {
  return askEach(tns, signal, async (tn, either) => {
    const reading = await readNumber(carrier, tn, at, { signal: either })
    each(reading)
    return reading
  })
}

async function readNumber(
  carrier: Pick<CarrierReads, 'queryDID'>,
  tn: string,
  at: number,
  call: Call,
): Promise<Reading> {
  try {
    return readingOf(await carrier.queryDID(tn, call), at)
  } catch (error) {
    if (!(error instanceof CarrierError) || error.kind !== 'rejected' || !isEnvelopeCode(error.code)) throw error
    const { code } = error
    const refused = `the carrier does not say what it is: ${explain(code).meaning} (code ${code})`
    return { tn, at, code, facts: { status: 'unknown' }, none: false, refused }
  }
}

/** An answer to this one question, not an HTTP status, which speaks of the service. */
const isEnvelopeCode = (code: number | undefined): code is number => code !== undefined && code >= 600

/** The numbers of rows, in their order. */
export const numbersOf = (rows: readonly { tn: string }[]): string[] => rows.map(({ tn }) => tn)

/** A number's row as a reading, whether a query or an audit showed it. */
export function readingOf(queried: Queried, at: number): Reading {
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

/** Whether two looks at a number saw the same, in everything that a yes was given on (docs/write-path.md, step 6). */
export function sameFacts(a: Facts, b: Facts): boolean {
  return compared.every(([name, same]) => same(a[name], b[name]))
}

/** What changed between two looks, where it is nothing that a result shows: ` (caller name)`; else empty. */
export function changedBeside(a: Facts, b: Facts): string {
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

/** Without what the carrier did not say. */
function known(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as unknown as Facts
}
