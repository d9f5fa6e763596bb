import type { Count, Did, OrderBy } from '../carrier/carrier.ts'
import { harmless, legible } from '../domain/untrusted.ts'

/** What rows of the account are looked for; all of it must hold. What the carrier did not say matches nothing. */
export interface DidFilter {
  npa?: string | undefined
  /** Any case. `TF` and `ALL` both are toll-free. */
  state?: string | undefined
  /** The whole name, any case. */
  rateCenter?: string | undefined
  tier?: string | undefined
  endpointId?: number | undefined
  /** The whole reference, as it is or as it is shown; empty: numbers without one. */
  refId?: string | undefined
  has911?: boolean | undefined
  cnam?: boolean | undefined
}

/** Those that pass, in their order; the very same list where nothing is looked for, so that its summary is known. */
export function filterDids(dids: readonly Did[], filter: DidFilter): readonly Did[] {
  const tests = Object.entries(filter).flatMap(([key, wanted]) => {
    const test = filters[key as keyof DidFilter]
    return wanted === undefined ? [] : [(did: Did) => test(did, wanted)]
  })
  return tests.length === 0 ? dids : dids.filter((did) => tests.every((test) => test(did)))
}

/**
 * How many numbers by state, tier and endpoint group: of each the largest {@link mostTallied}, the rest together as
 * `other`; `unknown` where the carrier did not say.
 */
export interface Summary {
  byState: Record<string, number>
  byTier: Record<string, number>
  byEndpoint: Record<string, number>
}

export const mostTallied = 20

export function summarize(dids: readonly Did[]): Summary {
  const known = summaries.get(dids)
  if (known) return known
  const { count, summary } = summarizer()
  for (const did of dids) count(did)
  return rememberSummary(dids, summary())
}

/** Counts rows one by one: while a listing arrives that costs nothing, and afterwards it stops the process for a while. */
export function summarizer(): { count(did: Did): void; summary(): Summary } {
  const states: Tally = new Map()
  const tiers: Tally = new Map()
  const endpoints: Tally = new Map()
  return {
    count(did) {
      add(states, did.state)
      add(tiers, did.tier)
      add(endpoints, did.endpointId)
    },
    summary: () => ({
      byState: largest(states),
      byTier: largest(tiers),
      byEndpoint: largest(endpoints),
    }),
  }
}

/** What {@link summarize} then says of these very rows, for as long as they are held. */
export function rememberSummary(dids: readonly Did[], summary: Summary): Summary {
  summaries.set(dids, summary)
  return summary
}

const summaries = new WeakMap<readonly Did[], Summary>()

/** Sorted by number, each number once: paging goes by number, and a number twice would be lost between two pages. */
export function sortByNumber<Row extends { tn: string }>(rows: Row[]): Row[] {
  if (rows.every(({ tn }, index) => index === 0 || (rows[index - 1] as Row).tn < tn)) return rows
  // Numbers sort ten times as fast as texts of them. Each takes its row's place along.
  const keys = new Float64Array(rows.length)
  for (let place = 0; place < rows.length; place++) keys[place] = Number(rows[place]?.tn) * places + place
  keys.sort()
  const sorted: Row[] = []
  let last: number | undefined
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] as number
    // A row is not looked at here: a hundred thousand of them lie all over the memory.
    const number = Math.floor(key / places)
    if (number !== last) sorted.push(rows[key - number * places] as Row)
    last = number
  }
  return sorted
}

/** More than rows are ever held; a number of ten digits and a place fit into the 53 bits that are exact. */
const places = 2 ** 19

/** The rows after the number `last`, and whether more follow. */
export function pageByNumber<Row extends { tn: string }>(
  rows: readonly Row[],
  last: string | undefined,
  limit: number,
): Page<Row> {
  return pageAfter(rows, last === undefined ? 0 : firstIndex(rows, (row) => compare(row.tn, last) > 0), limit)
}

export interface Page<Row> {
  rows: Row[]
  more: boolean
}

/**
 * A count row has no number, so its place is its whole key: the field that is ordered by, then all others that the
 * carrier counts by. The order is total, so that a page can begin after a row that is no longer there.
 */
export type CountKey = (string | number | boolean | null)[]

export function countKey(count: Count, orderby: OrderBy | undefined): CountKey {
  const { state, rateCenter, lataId, tier, cnam, t38, sms } = count
  const first = { state, rc: rateCenter, lata: lataId, tier: numeric(tier) }[orderby ?? 'state']
  return [first, state, rateCenter, lataId, numeric(tier), cnam, t38, sms].map((value) => value ?? null)
}

/** In total order, rows of one key added up. */
export function mergeCounts(counts: Count[], orderby: OrderBy | undefined): Count[] {
  const keyed = counts.map((count) => ({ key: countKey(count, orderby), count }))
  keyed.sort((a, b) => compareKeys(a.key, b.key))
  const merged: { key: CountKey; count: Count }[] = []
  for (const { key, count } of keyed) {
    const before = merged.at(-1)
    if (before && compareKeys(before.key, key) === 0) {
      before.count = { ...before.count, didCount: before.count.didCount + count.didCount }
    } else merged.push({ key, count })
  }
  return merged.map(({ count }) => count)
}

export function pageByKey(
  counts: readonly Count[],
  orderby: OrderBy | undefined,
  last: CountKey | undefined,
  limit: number,
): Page<Count> {
  const from = last === undefined ? 0 : firstIndex(counts, (row) => compareKeys(countKey(row, orderby), last) > 0)
  return pageAfter(counts, from, limit)
}

type Test = (did: Did, wanted: string | number | boolean) => boolean

const filters: { readonly [key in keyof Required<DidFilter>]: Test } = {
  npa: (did, npa) => did.tn.startsWith(String(npa)),
  state: (did, state) => sameName(did.state, state) || (tollFree.test(String(state)) && tollFree.test(did.state ?? '')),
  rateCenter: (did, rateCenter) => sameName(did.rateCenter, rateCenter),
  tier: (did, tier) => did.tier === tier,
  endpointId: (did, endpointId) => did.endpointId === endpointId,
  refId: ({ refId = '' }, wanted) => refId === wanted || (refId !== '' && legible(refId, refId.length) === wanted),
  has911: (did, has911) => did.has911 === has911,
  cnam: (did, cnam) => did.cnam === cnam,
}

/** A search is asked for it as `TF`, and its numbers are answered as `ALL` (docs/carrier.md, section 4, point 10). */
const tollFree = /^(?:TF|ALL)$/i

const sameName = (said: string | undefined, wanted: string | number | boolean): boolean =>
  said?.toLowerCase() === String(wanted).toLowerCase()

type Value = string | number | undefined
type Tally = Map<Value, { many: number }>

function add(tally: Tally, value: Value): void {
  const counted = tally.get(value)
  if (counted) counted.many++
  else tally.set(value, { many: 1 })
}

function largest(tally: Tally): Record<string, number> {
  const named = Array.from(tally, ([value, { many }]) => [value, many] as const)
  const ordered = named.sort(([a, many], [b, more]) => more - many || compare(String(a), String(b)))
  const shown = new Map<string, number>()
  const add = (name: string, many: number) => void shown.set(name, (shown.get(name) ?? 0) + many)
  for (const [value, many] of ordered.slice(0, mostTallied)) add(nameOf(value), many)
  // Last, also where a state calls itself so.
  const rest = ordered.slice(mostTallied).reduce((sum, [, many]) => sum + many, shown.get('other') ?? 0)
  shown.delete('other')
  if (rest > 0) add('other', rest)
  return Object.fromEntries(shown)
}

/** Two names that look the same when they are made harmless are one. */
const nameOf = (value: Value): string => (value === undefined ? 'unknown' : harmless(String(value), longestName))

/** Characters; the carrier's longest rate centers have ten. */
const longestName = 40

/** A tier is a small integer in a string; 10 follows 9. */
const numeric = (tier: string | undefined): string | number | undefined =>
  tier !== undefined && /^\d{1,9}$/.test(tier) ? Number(tier) : tier

function pageAfter<Row>(rows: readonly Row[], from: number, limit: number): Page<Row> {
  return { rows: rows.slice(from, from + limit), more: from + limit < rows.length }
}

/** Binary search: the first row that `isAfter` holds for. */
function firstIndex<Row>(rows: readonly Row[], isAfter: (row: Row) => boolean): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isAfter(rows[middle] as Row)) high = middle
    else low = middle + 1
  }
  return low
}

function compareKeys(a: CountKey, b: CountKey): number {
  for (let index = 0; index < a.length; index++) {
    const order = compareValues(a[index] ?? null, b[index] ?? null)
    if (order !== 0) return order
  }
  return 0
}

type KeyPart = CountKey[number]

/** What the carrier did not say comes first, then numbers, then words. */
function compareValues(a: KeyPart, b: KeyPart): number {
  const rank = (value: KeyPart) => (value === null ? 0 : typeof value === 'string' ? 2 : 1)
  if (rank(a) !== rank(b)) return rank(a) - rank(b)
  return typeof a === 'string' && typeof b === 'string' ? compare(a, b) : Number(a) - Number(b)
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
