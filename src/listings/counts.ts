import type { Count, OrderBy } from '../carrier/carrier.ts'
import { firstIndex, type Page, pageAfter } from './pages.ts'

/** What rows of counts are added up by. */
export type GroupBy = 'rateCenter' | 'state' | 'lata' | 'tier'

/**
 * How counts are arranged: each row of the carrier's by itself, in the order of one of its fields (the state's where none
 * is named), or sums of a group, the largest first.
 */
export interface Arrangement {
  orderby?: OrderBy | undefined
  /** Beats `orderby`. */
  groupBy?: GroupBy | undefined
}

/**
 * A count row has no number, so its place is its whole key: what it is ordered by, then all that tells it from the others.
 * The order is total, so that a page can begin after a row that is no longer there. A group's key begins with its count,
 * negated, because the largest come first.
 */
export type CountKey = (string | number | boolean | null)[]

export function countKey(count: Count, { orderby, groupBy }: Arrangement): CountKey {
  const { didCount, state, rateCenter, lataId, tier, cnam, t38, sms } = count
  if (groupBy !== undefined) return [-didCount, ...groupKey(count, groupBy)]
  const first = { state, rc: rateCenter, lata: lataId, tier: numeric(tier) }[orderby ?? 'state']
  return [first, state, rateCenter, lataId, numeric(tier), cnam, t38, sms].map((value) => value ?? null)
}

/** Puts counts in total order, rows of one key added up. */
export function mergeCounts(counts: readonly Count[], orderby: OrderBy | undefined): Count[] {
  return ordered(
    addUp(counts, (count) => countKey(count, { orderby })),
    { orderby },
  )
}

/** Sums by `groupBy` alone, the largest first, then by name. */
export function groupCounts(counts: readonly Count[], groupBy: GroupBy): Count[] {
  const bare = counts.map(({ didCount, state, rateCenter, lataId, tier }): Count => {
    if (groupBy === 'rateCenter') return { didCount, ...defined({ rateCenter, state }) }
    if (groupBy === 'state') return { didCount, ...defined({ state }) }
    return { didCount, ...defined(groupBy === 'lata' ? { lataId } : { tier }) }
  })
  return ordered(
    addUp(bare, (count) => groupKey(count, groupBy)),
    { groupBy },
  )
}

/** The rows after the key `last`, and whether more follow. `counts` are arranged so. */
export function pageByKey(
  counts: readonly Count[],
  arrangement: Arrangement,
  last: CountKey | undefined,
  limit: number,
): Page<Count> {
  const from = last === undefined ? 0 : firstIndex(counts, (row) => compareKeys(countKey(row, arrangement), last) > 0)
  return pageAfter(counts, from, limit)
}

const groupKey = ({ state, rateCenter, lataId, tier }: Count, groupBy: GroupBy): CountKey =>
  ({ rateCenter: [rateCenter, state], state: [state], lata: [lataId], tier: [numeric(tier)] })[groupBy].map(
    (value) => value ?? null,
  )

function addUp(counts: readonly Count[], keyOf: (count: Count) => CountKey): Count[] {
  const sums = new Map<string, Count>()
  for (const count of counts) {
    const key = JSON.stringify(keyOf(count))
    const before = sums.get(key)
    sums.set(key, before ? { ...before, didCount: before.didCount + count.didCount } : count)
  }
  return [...sums.values()]
}

function ordered(counts: readonly Count[], arrangement: Arrangement): Count[] {
  const keyed = counts.map((count) => ({ key: countKey(count, arrangement), count }))
  return keyed.sort((a, b) => compareKeys(a.key, b.key)).map(({ count }) => count)
}

/** A tier is a small integer in a string; 10 follows 9. */
const numeric = (tier: string | undefined): string | number | undefined =>
  tier !== undefined && /^\d{1,9}$/.test(tier) ? Number(tier) : tier

const defined = <Fields extends object>(fields: Fields) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

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
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0
  return Number(a) - Number(b)
}
