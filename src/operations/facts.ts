import type { Carrier, Did, Queried } from '../carrier/carrier.ts'
import { queryStatus } from '../carrier/outcomes.ts'
import type { Facts } from '../journal/operation.ts'

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
}

/**
 * Reads each number fresh, all at once (the carrier bounds how many are in flight). Throws CarrierError where one fails,
 * and ends the others: a thousand queries do not go on for nobody.
 */
export async function readNumbers(
  carrier: Carrier,
  tns: readonly string[],
  at: number,
  signal?: AbortSignal,
): Promise<Reading[]> {
  const failed = new AbortController()
  const either = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal
  try {
    return await Promise.all(tns.map(async (tn) => readingOf(await carrier.queryDID(tn, { signal: either }), at)))
  } catch (error) {
    failed.abort()
    throw error
  }
}

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

/** Whether two looks at a number saw the same, in everything that a yes was given on. An absent reference is an empty one. */
export function sameFacts(a: Facts, b: Facts): boolean {
  return (
    a.status === b.status &&
    a.epg === b.epg &&
    a.tier === b.tier &&
    a.has911 === b.has911 &&
    (a.cnam ?? false) === (b.cnam ?? false) &&
    (a.refId ?? '').trim() === (b.refId ?? '').trim()
  )
}

function factsOf(status: Facts['status'], did: Did | undefined): Facts {
  const facts: Facts = { status }
  if (did === undefined) return facts
  if (did.tier !== undefined) facts.tier = did.tier
  // Of another company's number only the tier is anybody's business; the rest of the row is sentinels.
  if (status !== 'yours' && status !== 'reserved') return facts
  if (did.endpointId !== undefined) facts.epg = did.endpointId
  if (did.has911 !== undefined) facts.has911 = did.has911
  if (did.cnam !== undefined) facts.cnam = did.cnam
  if (did.refId !== undefined) facts.refId = did.refId
  return facts
}
