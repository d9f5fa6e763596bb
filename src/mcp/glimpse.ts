import type { Did } from '../carrier/carrier.ts'
import { CarrierError } from '../carrier/errors.ts'
import { ageOf, type Moment, moment, systemClock } from '../domain/clock.ts'
import { sortByNumber } from '../listings/pages.ts'
import type { Sources } from '../tools/tool.ts'

/**
 * The account's numbers as far as they are at hand: all of them where the audit is held, else the first
 * {@link mostRows} that the carrier hands out within {@link longestMs}, looked at no more than once a minute. An account
 * that is larger or slower than that is not asked again. Sorted by number; none where the carrier cannot be asked.
 */
export async function glimpse({ carrier, listings }: Pick<Sources, 'carrier' | 'listings'>): Promise<readonly Did[]> {
  const held = listings.heldAudit()
  if (held !== undefined) return (await held).rows
  const known = looks.get(listings)
  if (known !== undefined && (known.cut || ageOf(systemClock, known.since) < keptMs)) return known.rows
  const look: Glimpse = { since: moment(systemClock), cut: false, rows: Promise.resolve([]) }
  look.rows = firstRows(carrier, look)
  looks.set(listings, look)
  return look.rows
}

interface Glimpse {
  since: Moment
  /** True where there was more, or it took too long. */
  cut: boolean
  rows: Promise<readonly Did[]>
}

/** Servers come and go with their connections; what they read from stays. */
const looks = new WeakMap<Sources['listings'], Glimpse>()

const mostRows = 1_000
const longestMs = 2_000
const keptMs = 60_000

async function firstRows(carrier: Sources['carrier'], look: Glimpse): Promise<readonly Did[]> {
  const rows: Did[] = []
  const end = new AbortController()
  const cut = () => {
    look.cut = true
    end.abort()
  }
  const timer = setTimeout(cut, longestMs)
  const take = (did: Did) => {
    if (rows.length < mostRows) rows.push(did)
    else cut()
  }
  try {
    await carrier.auditDIDs(take, { signal: end.signal })
  } catch (error) {
    if (!(error instanceof CarrierError)) throw error
  } finally {
    clearTimeout(timer)
  }
  return sortByNumber(rows)
}
