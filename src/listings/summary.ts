import type { Did } from '../carrier/carrier.ts'
import { harmless } from '../domain/untrusted.ts'

/**
 * How many numbers by state, tier, endpoint group and rate center: of each the largest {@link mostTallied}, the rest
 * together as `other`; `unknown` where the carrier did not say. A rate center stands with its state (`LOGAN, UT`), since
 * two states may have one of the same name.
 */
export interface Summary {
  byState: Record<string, number>
  byTier: Record<string, number>
  byEndpoint: Record<string, number>
  byRateCenter: Record<string, number>
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
  const centers = new Map<string | undefined, Tally>()
  return {
    count(did) {
      add(states, did.state)
      add(tiers, did.tier)
      add(endpoints, did.endpointId)
      // Two steps, because a name put together for each row costs more than everything else here.
      const known = centers.get(did.rateCenter)
      if (known) add(known, did.state)
      else centers.set(did.rateCenter, new Map([[did.state, { many: 1 }]]))
    },
    summary: () => ({
      byState: largest(states),
      byTier: largest(tiers),
      byEndpoint: largest(endpoints),
      byRateCenter: largest(withState(centers)),
    }),
  }
}

/** What {@link summarize} then says of these very rows, for as long as they are held. */
export function rememberSummary(dids: readonly Did[], summary: Summary): Summary {
  summaries.set(dids, summary)
  return summary
}

const summaries = new WeakMap<readonly Did[], Summary>()

type Value = string | number | undefined
type Tally = Map<Value, { many: number }>

function add(tally: Tally, value: Value, more = 1): void {
  const counted = tally.get(value)
  if (counted) counted.many += more
  else tally.set(value, { many: more })
}

function withState(centers: ReadonlyMap<string | undefined, Tally>): Tally {
  const named: Tally = new Map()
  for (const [center, states] of centers) {
    for (const [state, { many }] of states) {
      add(named, center === undefined || state === undefined ? center : `${center}, ${state}`, many)
    }
  }
  return named
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

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
