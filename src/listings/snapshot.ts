import { setImmediate as turn } from 'node:timers/promises'
import type { Carrier, Count, Criteria, Did, Locator, OrderBy } from '../carrier/carrier.ts'
import { CarrierError } from '../carrier/errors.ts'
import { mergeCounts, rememberSummary, sortByNumber, summarizer } from './query.ts'

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

interface Snapshot<Row> {
  rows: readonly Row[]
  /** When its download began, milliseconds since 1970: nothing in it is older. */
  asOf: number
}

/** Who waits for a listing. */
interface Asker {
  /** Ends this asker's wait with a CarrierError `cancelled`, not the download. */
  signal?: AbortSignal | undefined
  /** Rows read so far, every {@link progressRows}. */
  progress?: ((rows: number) => void) | undefined
}

/** More rows than are held. It says how to ask for fewer. */
export class ListingTooLarge extends Error {
  override readonly name = 'ListingTooLarge'
  readonly next: string

  constructor(message: string, next: string) {
    super(message)
    this.next = next
  }
}

export interface ListingsOptions {
  carrier: Carrier
  clock: {
    now(): number
    /** Runs `task` once after `ms`, without keeping the process alive. Returns what takes it back. */
    after(ms: number, task: () => void): () => void
  }
  /** Rows held over all listings. */
  mostRows?: number
}

/** How long a listing is served after its download ended. */
export const heldMs = 60_000
export const progressRows = 5_000
const mostRowsHeld = 500_000

const narrowing = {
  audit: 'The carrier cannot narrow an audit. Write the account to a file with: did-mcp audit --csv FILE',
  search: 'Narrow the search with more criteria: state, npa, nxx, rateCenter, tier or capabilities.',
}

export function createListings({ carrier, clock, mostRows = mostRowsHeld }: ListingsOptions): Listings {
  const held = new Map<string, Download<unknown>>()
  const running = new Set<AbortController>()

  /** From its end: the largest take longer to come than they are held. */
  const isFresh = ({ state }: Download<unknown>): boolean =>
    state.endedAt !== undefined && clock.now() - state.endedAt < heldMs

  function drop(key: string, download: Download<unknown>): void {
    download.forget()
    if (held.get(key) === download) held.delete(key)
  }

  /** Law 7 of the house: what is held is bounded over all listings; the oldest goes first. */
  function makeRoom(newest: Download<unknown>): void {
    let rows = 0
    for (const download of held.values()) rows += download.state.rows
    for (const [key, download] of held) {
      if (rows <= mostRows) return
      if (download === newest || download.state.endedAt === undefined) continue
      rows -= download.state.rows
      drop(key, download)
    }
  }

  function begin<Row>(
    key: string,
    next: string,
    read: Read<Row>,
    arrange: (rows: Row[]) => Row[],
    first: Asker,
  ): Download<Row> {
    const controller = new AbortController()
    const asOf = clock.now()
    const rows: Row[] = []
    const state: Download<Row>['state'] = { rows: 0, endedAt: undefined }
    const listeners = new Set(first.progress ? [first.progress] : [])
    const take = (row: Row): void => {
      if (state.rows > mostRows) return
      state.rows++
      if (state.rows > mostRows) controller.abort()
      else rows.push(row)
      if (state.rows % progressRows === 0) for (const listener of listeners) listener(state.rows)
    }
    const finish = async (): Promise<Snapshot<Row>> => {
      running.add(controller)
      try {
        await read(take, controller.signal)
      } catch (error) {
        if (state.rows <= mostRows) throw error
      } finally {
        running.delete(controller)
        state.endedAt = clock.now()
      }
      if (state.rows > mostRows) throw new ListingTooLarge(`This listing has more than ${mostRows} rows.`, next)
      // A hundred thousand rows take 30 ms to arrange: others get their turn before it and after.
      await turn()
      const arranged = arrange(rows)
      await turn()
      return { rows: arranged, asOf }
    }
    const download: Download<Row> = { state, listeners, forget: () => undefined, snapshot: finish() }
    download.snapshot.then(
      () => {
        if (held.get(key) !== download) return
        download.forget = clock.after(heldMs, () => drop(key, download))
        makeRoom(download)
      },
      () => drop(key, download),
    )
    held.set(key, download)
    return download
  }

  async function ask<Row>(
    key: string,
    next: string,
    read: Read<Row>,
    arrange: (rows: Row[]) => Row[],
    asker: Asker,
  ): Promise<Snapshot<Row>> {
    // One key, one kind of row: keys begin with the listing's name.
    const known = held.get(key) as Download<Row> | undefined
    const download =
      known && (known.state.endedAt === undefined || isFresh(known)) ? known : begin(key, next, read, arrange, asker)
    const { progress } = asker
    if (progress) download.listeners.add(progress)
    try {
      return await untilAborted(download.snapshot, asker.signal)
    } finally {
      if (progress) download.listeners.delete(progress)
    }
  }

  return {
    audit(asker) {
      const { count, summary } = summarizer()
      const read: Read<Did> = (row, signal) =>
        carrier.auditDIDs(
          (did) => {
            count(did)
            row(did)
          },
          { signal },
        )
      const arrange = (rows: Did[]) => {
        const sorted = sortByNumber(rows)
        // A number that came twice was counted twice.
        if (sorted.length === rows.length) rememberSummary(sorted, summary())
        return sorted
      }
      return ask('audit', narrowing.audit, read, arrange, asker)
    },
    heldAudit() {
      const known = held.get('audit') as Download<Did> | undefined
      return known && isFresh(known) ? known.snapshot : undefined
    },
    search: (criteria, asker) =>
      ask<Locator>(
        keyOf('search', criteria),
        narrowing.search,
        (row, signal) => carrier.getDIDs(criteria, row, { signal }),
        sortByNumber,
        asker,
      ),
    counts: (criteria, orderby, asker) =>
      ask<Count>(
        keyOf('counts', { ...criteria, orderby }),
        narrowing.search,
        (row, signal) => carrier.getDIDCount({ ...criteria, orderby }, row, { signal }),
        (rows) => mergeCounts(rows, orderby),
        asker,
      ),
    stale() {
      for (const [key, download] of held) drop(key, download)
    },
    close() {
      for (const controller of running) controller.abort()
      for (const [key, download] of held) drop(key, download)
    },
  }
}

type Read<Row> = (row: (row: Row) => void, signal: AbortSignal) => Promise<void>

interface Download<Row> {
  state: {
    rows: number
    /** Milliseconds since 1970; undefined while it runs. */
    endedAt: number | undefined
  }
  listeners: Set<(rows: number) => void>
  /** Takes back the timer that forgets it. */
  forget: () => void
  snapshot: Promise<Snapshot<Row>>
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
