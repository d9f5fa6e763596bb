import type { CatalogueNumber } from './catalogue.ts'
import { countRow, listedTier, locatorRow, type RowSchema } from './replies.ts'
import type { ElementRow } from './xml.ts'

/**
 * What a search asks for, as a predicate. Names are compared without case; an empty criterion is not searched on.
 *
 * @param criterion the text of a criterion, `''` where there is none.
 * @returns `undefined` where nothing is asked for (the carrier answers 302490).
 */
export function matcher(criterion: (name: string) => string, schema: RowSchema): Matches | undefined {
  const asked = Object.entries(criteria)
    .filter(([name]) => schema === 'full' || !newer.has(name))
    .map(([name, of]) => ({ of, wanted: criterion(name).toLowerCase() }))
    .filter(({ wanted }) => wanted !== '')
  if (asked.length === 0) return undefined
  return (listing) => asked.every(({ of, wanted }) => of(listing).toLowerCase() === wanted)
}

export type Matches = (listing: CatalogueNumber) => boolean

export function locatorRows(available: Iterable<CatalogueNumber>, matches: Matches): ElementRow[] {
  const rows: ElementRow[] = []
  for (const listing of available) if (matches(listing)) rows.push(locatorRow(listing))
  return rows
}

/** A row per rate center, tier and capability set, ordered by `rc`, `lata`, `tier` or, as by default, `state`. */
export function countRows(available: Iterable<CatalogueNumber>, matches: Matches, orderby: string): ElementRow[] {
  const groups = new Map<string, { like: CatalogueNumber; count: number }>()
  for (const like of available) {
    if (!matches(like)) continue
    const { state, rateCenter, lataId, outboundCNAM, t38, sms } = like
    const key = [state, rateCenter, lataId, listedTier(like), outboundCNAM, t38, sms].join('|')
    const group = groups.get(key)
    if (group) group.count++
    else groups.set(key, { like, count: 1 })
  }
  const compare = orders[orderby.toLowerCase()] ?? byState
  return [...groups.values()].sort((a, b) => compare(a.like, b.like)).map(({ like, count }) => countRow(count, like))
}

const criteria: { readonly [name: string]: (listing: CatalogueNumber) => string } = {
  state: ({ state, tollFree }) => (tollFree ? 'TF' : state),
  lata: ({ lataId }) => String(lataId),
  rateCenter: ({ rateCenter }) => rateCenter,
  npa: ({ tn }) => tn.slice(0, 3),
  nxx: ({ tn }) => tn.slice(3, 6),
  tier: listedTier,
  t38: ({ t38 }) => flag(t38),
  cnam: ({ outboundCNAM }) => flag(outboundCNAM),
  sms: ({ sms }) => flag(sms),
  network: ({ network }) => network,
}

/** The older service does not know them (docs/carrier.md, section 5). */
const newer = new Set(['sms', 'network'])

type Compare = (a: CatalogueNumber, b: CatalogueNumber) => number

const byState: Compare = (a, b) => compareText(a.state, b.state) || compareText(a.rateCenter, b.rateCenter)

const orders: { readonly [orderby: string]: Compare | undefined } = {
  rc: (a, b) => compareText(a.rateCenter, b.rateCenter),
  lata: (a, b) => a.lataId - b.lataId,
  state: byState,
  tier: (a, b) => Number(listedTier(a)) - Number(listedTier(b)),
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

function flag(on: boolean): string {
  return on ? '1' : '0'
}
