import type { CarrierReads, Count, Criteria, Did, Locator, OrderBy } from '../carrier/carrier.ts'
import { CarrierError } from '../carrier/errors.ts'
import { ageOf, type Clock, type Moment, moment } from '../domain/clock.ts'
import { mergeCounts } from './counts.ts'
import { type Download, type Listing, type Room, type RowsArrived, type Snapshot, startDownload } from './download.ts'
import { sortByNumber } from './pages.ts'
import { rememberSummary, summarizer } from './summary.ts'

/**
 * The carrier's large answers, held for paging: the account, searches and counts. Askers of the same listing share one
 * download, which goes on when an asker gives up. What is held is served for {@link heldMs} from its end and never after a
 * write.
 */
export interface Listings {
  /** Every number of this account, sorted by number. */
  audit(asker: Asker): Promise<Snapshot<Did>>
  /** The same where it is held already: nothing is asked of the carrier. */
  heldAudit(): Promise<Snapshot<Did>> | undefined
  /** Numbers that could be had, sorted by number. */
  search(criteria: Criteria, asker: Asker): Promise<Snapshot<Locator>>
  /** Counts of numbers that could be had, in the order that `orderby` names (the state's without). */
  counts(criteria: Criteria, orderby: OrderBy | undefined, asker: Asker): Promise<Snapshot<Count>>
  /** A write of this account was sent: what was downloaded or begun before is served to nobody who asks from now on. */
  stale(): void
  /** Ends what is being downloaded and forgets what is held. */
  close(): void
}

/** Who waits for a listing. */
interface Asker {
  /** Ends this asker's wait with a CarrierError `cancelled`, not the download. */
  signal?: AbortSignal | undefined
  progress?: RowsArrived | undefined
}

export interface ListingsOptions {
  carrier: CarrierReads
  clock: Clock
  /** Rows over all listings, on their way and held. 500,000. */
  mostRows?: number
}

/** How long a listing is served after its download ended. */
export const heldMs = 60_000
const mostRowsHeld = 500_000

/** Listings of this carrier's account. What is held is forgotten by `clock`, on {@link Listings.close} at the latest. */
export function createListings({ carrier, clock, mostRows = mostRowsHeld }: ListingsOptions): Listings {
  const held = new Map<string, Held>()
  const running = new Set<Download<unknown>>()
  let rows = 0

  const room: Room = {
    most: mostRows,
    take() {
      if (rows >= mostRows) forgetOldest()
      if (rows >= mostRows) return false
      rows++
      return true
    },
    leave(many) {
      rows -= many
    },
  }

  /** Lets go of the oldest of the snapshots that are whole. */
  function forgetOldest(): void {
    const oldest = [...held].find(([, { endedAt }]) => endedAt !== undefined)
    if (oldest) drop(...oldest)
  }

  function drop(key: string, one: Held): void {
    if (held.get(key) !== one) return
    held.delete(key)
    one.forget?.()
    if (!running.has(one.download)) one.download.leave()
  }

  function begin<Row>(key: string, listing: Listing<Row>, { progress }: Asker): Held<Row> {
    const download = startDownload(listing, { asOf: clock.now(), room, progress })
    const one: Held<Row> = { download }
    const before = held.get(key)
    if (before) drop(key, before)
    held.set(key, one)
    running.add(download)
    const ended = () => running.delete(download)
    download.snapshot.then(
      () => {
        ended()
        one.endedAt = moment(clock)
        if (held.get(key) === one) one.forget = clock.after(heldMs, () => drop(key, one))
        else download.leave()
      },
      () => {
        ended()
        drop(key, one)
        download.leave()
      },
    )
    return one
  }

  /** Whether a snapshot is fresh, counted from its end: the largest take longer to come than they are held. */
  const isFresh = ({ endedAt }: Held): boolean => endedAt !== undefined && ageOf(clock, endedAt) < heldMs

  async function ask<Row>(key: string, listing: Listing<Row>, asker: Asker): Promise<Snapshot<Row>> {
    // One key, one kind of row: keys begin with the listing's name.
    const known = held.get(key) as Held<Row> | undefined
    const serves = known && (known.endedAt === undefined || isFresh(known))
    const { download } = serves ? known : begin(key, listing, asker)
    const { progress } = asker
    if (progress) download.listeners.add(progress)
    try {
      return await untilAborted(download.snapshot, asker.signal)
    } finally {
      if (progress) download.listeners.delete(progress)
    }
  }

  return {
    audit: (asker) => ask('audit', account(carrier), asker),
    heldAudit() {
      const known = held.get('audit') as Held<Did> | undefined
      return known && isFresh(known) ? known.download.snapshot : undefined
    },
    search: (criteria, asker) => ask(keyOf('search', criteria), found(carrier, criteria), asker),
    counts: (criteria, orderby, asker) =>
      ask(keyOf('counts', { ...criteria, orderby }), counted(carrier, criteria, orderby), asker),
    stale() {
      for (const [key, one] of held) drop(key, one)
    },
    close() {
      for (const download of running) download.abort()
      for (const [key, one] of held) drop(key, one)
    },
  }
}

/** What askers of one key are served from. */
interface Held<Row = unknown> {
  download: Download<Row>
  /** The moment at which it was whole; undefined while it is on its way. */
  endedAt?: Moment
  /** Takes back the timer that forgets it. */
  forget?: () => void
}

function account(carrier: CarrierReads): Listing<Did> {
  const { count, summary } = summarizer()
  return {
    read: (row, signal) =>
      carrier.auditDIDs(
        (did) => {
          count(did)
          row(did)
        },
        { signal },
      ),
    arrange(rows) {
      const sorted = sortByNumber(rows)
      // A number that came twice was counted twice.
      if (sorted.length === rows.length) rememberSummary(sorted, summary())
      return sorted
    },
    numbered: true,
    narrowing: 'The carrier cannot narrow an audit. Write the account to a file with: did-mcp audit --csv FILE',
  }
}

const narrowing = 'Narrow the search with more criteria: state, npa, nxx, rateCenter, tier or capabilities.'

function found(carrier: CarrierReads, criteria: Criteria): Listing<Locator> {
  return {
    read: (row, signal) => carrier.getDIDs(criteria, row, { signal }),
    arrange: sortByNumber,
    numbered: true,
    narrowing,
  }
}

function counted(carrier: CarrierReads, criteria: Criteria, orderby: OrderBy | undefined): Listing<Count> {
  return {
    read: (row, signal) => carrier.getDIDCount({ ...criteria, orderby }, row, { signal }),
    arrange: (rows) => mergeCounts(rows, orderby),
    numbered: false,
    narrowing,
  }
}

/** The same criteria in another order are the same listing. */
function keyOf(listing: string, criteria: object): string {
  const asked = Object.entries(criteria).filter(([, value]) => value !== undefined)
  return `${listing} ${JSON.stringify(asked.sort(([a], [b]) => (a < b ? -1 : 1)))}`
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new CarrierError('cancelled', 'The caller gave up.', { maybeSent: true }))
    if (signal.aborted) giveUp()
    signal.addEventListener('abort', giveUp, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp))
  })
}
