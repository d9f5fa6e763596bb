import type { Turn, WriteAnswer } from '../carrier/carrier.ts'
import { CarrierError } from '../carrier/errors.ts'
import { ageOf, moment } from '../domain/clock.ts'
import type { Facts } from '../domain/facts.ts'
import { JournalUnavailable } from '../journal/journal.ts'
import type { IntentRow, Settled } from '../journal/operation.ts'
import type { Caller, Door } from './door.ts'
import { numbersOf } from './readings.ts'
import { type SecondLook, type Sight, secondLook } from './survey.ts'
import { wordsOf } from './told.ts'
import type { Answered, Look, Write } from './write.ts'

/**
 * A request must leave within this time of its `sending` row, or the row is written anew: recovery counts from it.
 * Milliseconds.
 */
export const sendWithinMs = 5000

/** How often a request may be late before it is given up, unsent. */
const latest = 5

/** An operation that stands in the journal and holds its numbers, before its first request. */
export interface RecordedOperation {
  id: string
  write: Write
  rows: readonly IntentRow[]
}

/** The requests of one operation, one after the other. */
export interface Requests {
  /**
   * Sends the first of these rows, or those of them that are still what was agreed to: its turn and its connection first,
   * then a fresh reading, the `sending` row, and the request, once. Never throws.
   */
  next(left: readonly IntentRow[]): Promise<Requested>
}

/**
 * What became of the rows that were left. `fencedUntil`: until when the request may still act where what came of it does
 * not say how it ended; the quiet time counts from the moment in which the answer was read, or the request given up.
 */
export interface Requested {
  ended:
    | { how: 'answered'; answer: WriteAnswer<Answered>; at: number; fencedUntil: number }
    | { how: 'unanswered'; words: string | undefined; fencedUntil: number }
    /** No row of these was to be sent. */
    | { how: 'nothing' }
    /** Nothing was sent, and nothing more is to be, for this reason. */
    | { how: 'unsent'; stop: string }
  /** The rows that were in the request. */
  sent: readonly IntentRow[]
  /** What changed since it was agreed to. */
  dropped: readonly Settled[]
  /** The rows that are still to be sent, in their order. */
  left: readonly IntentRow[]
}

export function requestsOf(door: Door, operation: RecordedOperation, caller: Caller): Requests {
  const look = secondLook(door, operation.write.look)
  // Those with a `sending` row from which no byte left.
  const marked = new Set<string>()
  return {
    async next(left) {
      for (let tries = 1; tries <= latest; tries++) {
        const requested = await attempt({ door, operation, caller, look, marked }, left, tries > 1)
        if (requested !== 'late') return requested
      }
      return unsent(left, 'not sent: the journal or this machine was too slow for what was read to be still true')
    },
  }
}

interface Going {
  door: Door
  operation: RecordedOperation
  caller: Caller
  look: SecondLook
  marked: Set<string>
}

/** @param alone the first row only, with nothing but its reading between its `sending` row and its first byte */
async function attempt(going: Going, left: readonly IntentRow[], alone: boolean): Promise<Requested | 'late'> {
  const { door, operation, caller, look } = going
  const { clock } = door
  const { write } = operation
  const rows = left.slice(0, alone ? 1 : write.chunk)
  let seen: SeenAgain = { ready: [], dropped: [], later: rows }
  let recorded = moment(clock)
  let late = false
  const record = async (these: readonly IntentRow[]) => {
    recorded = moment(clock)
    await mark(going, these, recorded.at)
  }
  const prepare = async (turn: Turn) => {
    goOn(door, caller)
    if (alone) await record(rows)
    seen = compare(write.look, rows, await readAgain(() => look(turn, rows, left, caller.signal)))
    if (seen.ready.length === 0) throw new NothingToSend()
    goOn(door, caller)
    const ready = seen.ready.map(({ row }) => row)
    if (!alone) await record(ready)
    return ready
  }
  // The last look at the clocks: the first byte leaves in the same turn of the event loop. None leaves unprepared.
  const sending = () => {
    const fresh = seen.ready.length > 0 && seen.ready.every(({ sight }) => sight.serves())
    late = !fresh || ageOf(clock, recorded) > sendWithinMs
    if (late) throw new SentTooLate()
  }
  const sent = () => seen.ready.map(({ row }) => row)
  const rest = () => [...seen.later, ...left.slice(rows.length)]
  try {
    const answer = await write.ask(door.writes, rows, { prepare, sending })
    const at = clock.now()
    const ended = { how: 'answered' as const, answer, at, fencedUntil: at + door.quietMs }
    return { ended, sent: sent(), dropped: seen.dropped, left: rest() }
  } catch (error) {
    if (late) return 'late'
    if (error instanceof NothingToSend) {
      if (seen.dropped.length === 0) return 'late'
      return { ended: { how: 'nothing' }, sent: [], dropped: seen.dropped, left: rest() }
    }
    if (error instanceof NotSent) return unsent(left, error.message)
    const known = error instanceof CarrierError
    if (!known) {
      const fields = { operationId: operation.id, numbers: operation.rows.length }
      door.log.warn('a write failed in an unforeseen way', fields)
    }
    if (known && !error.maybeSent) return unsent(left, `not sent: ${error.message}`)
    const words = known ? wordsOf(error.words) : undefined
    const ended = { how: 'unanswered' as const, words, fencedUntil: clock.now() + door.quietMs }
    return { ended, sent: sent(), dropped: seen.dropped, left: rest() }
  }
}

const unsent = (left: readonly IntentRow[], stop: string): Requested => {
  return { ended: { how: 'unsent', stop }, sent: [], dropped: [], left }
}

/** Commits the `sending` rows. */
async function mark({ door, operation, marked }: Going, rows: readonly IntentRow[], at: number): Promise<void> {
  const tns = numbersOf(rows)
  const again = tns.some((tn) => marked.has(tn))
  try {
    const journal = await door.journal()
    await journal.markSending(operation.id, tns, at, again)
  } catch (error) {
    throw new NotSent(`not sent: ${error instanceof JournalUnavailable ? error.message : 'the journal failed'}`)
  }
  for (const tn of tns) marked.add(tn)
}

async function readAgain<T>(look: () => Promise<T>): Promise<T> {
  try {
    return await look()
  } catch (error) {
    // Not the error's own words: they speak of a request that may have arrived, and this was only a question.
    const kind = error instanceof CarrierError ? error.kind : 'an error of this server'
    throw new NotSent(`not sent: the numbers could not be read again (${kind})`)
  }
}

interface SeenAgain {
  /** The rows that are as agreed to, by a reading that serves. */
  ready: readonly { row: IntentRow; sight: Sight }[]
  dropped: readonly Settled[]
  /** Their reading was too old when the others' were in. */
  later: readonly IntentRow[]
}

function compare(look: Look, rows: readonly IntentRow[], sights: ReadonlyMap<string, Sight>): SeenAgain {
  const ready: { row: IntentRow; sight: Sight }[] = []
  const dropped: Settled[] = []
  const later: IntentRow[] = []
  for (const row of rows) {
    const sight = sights.get(row.tn)
    const now = sight?.reading
    if (sight === undefined || now === undefined) {
      dropped.push(...notAttempted([row], 'not sent: the number could not be read again'))
    } else if (now.refused !== undefined) dropped.push(...notAttempted([row], `not sent: ${now.refused}`))
    else if (!look.same(row.before, now.facts)) {
      const why = `not sent: the number changed since it was shown${look.changedBeside(row.before, now.facts)}`
      dropped.push(...notAttempted([row], why, now.facts))
    } else if (sight.serves()) ready.push({ row, sight })
    else later.push(row)
  }
  return { ready, dropped, later }
}

/** The outcome of rows that were not sent. */
export function notAttempted(rows: readonly IntentRow[], meaning: string, after?: Facts): Settled[] {
  return rows.map(({ tn }) => ({ tn, outcome: 'not_attempted', meaning, ...(after && { after }) }))
}

/** Why nothing more is sent, where the process ends or the caller gave up. */
export function reasonToStop(door: Door, caller: Caller): string | undefined {
  if (door.ending.aborted) return 'not sent: the server was ending'
  return caller.signal?.aborted ? 'not sent: the call was cancelled' : undefined
}

function goOn(door: Door, caller: Caller): void {
  const reason = reasonToStop(door, caller)
  if (reason !== undefined) throw new NotSent(reason)
}

/** Nothing was sent, and nothing more is to be; the message says why. */
class NotSent extends Error {
  override readonly name = 'NotSent'
}

/** No row is ready. */
class NothingToSend extends Error {
  override readonly name = 'NothingToSend'
}

/** Thrown in the moment before the first byte: the request does not leave. */
class SentTooLate extends Error {
  override readonly name = 'SentTooLate'
}
