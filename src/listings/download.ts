import { setImmediate as turn } from 'node:timers/promises'
import type { Listed } from '../carrier/carrier.ts'

/** A listing as it was at the carrier, with what the carrier said besides its rows. */
export interface Snapshot<Row> extends Listed {
  rows: readonly Row[]
  /** The time at which its download began, milliseconds since 1970: nothing in it is older. */
  asOf: number
  /** Rows of a number that another row names as well: they are not among `rows`. Absent where there was none. */
  doubled?: number
}

/** What is downloaded: how it is asked for, and what order it gets. */
export interface Listing<Row> {
  read(row: (row: Row) => void, signal: AbortSignal): Promise<Listed>
  arrange(rows: Row[]): Row[]
  /** Whether a row is a number: then none stands twice. */
  numbered: boolean
  /** How to ask for fewer rows. */
  narrowing: string
}

/** Hears how many rows were read so far, every {@link progressRows}. */
export type RowsArrived = (rows: number) => void

/** The rows of all listings, those that are still on their way included (law 7 of the house). */
export interface Room {
  /** The most that there may be. */
  readonly most: number
  /** A place for one more row, or false where there is none to be had. */
  take(): boolean
  /** Frees so many places again. */
  leave(rows: number): void
}

/** One listing on its way, and then whole. */
export interface Download<Row> {
  readonly listeners: Set<RowsArrived>
  /** Rejects as `read` does, or with {@link ListingTooLarge}. */
  readonly snapshot: Promise<Snapshot<Row>>
  abort(): void
  /** Gives its places back: what it has is served to nobody who asks from now on. Again, it does nothing. */
  leave(): void
}

/** A listing of more rows than there is room for; its words say how to ask for fewer. */
export class ListingTooLarge extends Error {
  override readonly name = 'ListingTooLarge'
  readonly next: string
  /** Whether the same listing may fit later. */
  readonly retryable: boolean

  constructor(message: string, next: string, retryable: boolean) {
    super(message)
    this.next = next
    this.retryable = retryable
  }
}

export const progressRows = 5_000

/** Begins a download. It ends at the row that there is no room for. */
export function startDownload<Row>(
  listing: Listing<Row>,
  { asOf, room, progress }: { asOf: number; room: Room; progress: RowsArrived | undefined },
): Download<Row> {
  const controller = new AbortController()
  const listeners = new Set(progress && [progress])
  const rows: Row[] = []
  let places = 0
  let tooLarge: ListingTooLarge | undefined

  const leave = () => {
    room.leave(places)
    places = 0
  }
  const take = (row: Row): void => {
    if (tooLarge) return
    if (!room.take()) {
      tooLarge = noRoom(rows.length, room.most, listing.narrowing)
      // At once: whoever else is on the way has the places before this one's connection has noticed its end.
      leave()
      rows.length = 0
      controller.abort()
      return
    }
    places++
    rows.push(row)
    if (rows.length % progressRows === 0) for (const listener of listeners) listener(rows.length)
  }
  const finish = async (): Promise<Snapshot<Row>> => {
    let listed: Listed
    try {
      listed = await listing.read(take, controller.signal)
    } catch (error) {
      throw tooLarge ?? error
    }
    if (tooLarge) throw tooLarge
    // A hundred thousand rows take 30 ms to arrange: others get their turn before it and after.
    await turn()
    const arranged = listing.arrange(rows)
    await turn()
    const doubled = listing.numbered ? rows.length - arranged.length : 0
    return { rows: arranged, asOf, ...listed, ...(doubled > 0 && { doubled }) }
  }
  return { listeners, snapshot: finish(), abort: () => controller.abort(), leave }
}

function noRoom(rows: number, most: number, narrowing: string): ListingTooLarge {
  if (rows === most) return new ListingTooLarge(`This listing has more than ${most} rows.`, narrowing, false)
  const message = `This listing does not fit beside the others that are being read: at most ${most} rows are held.`
  return new ListingTooLarge(message, `Ask again when they are there. ${narrowing}`, true)
}
