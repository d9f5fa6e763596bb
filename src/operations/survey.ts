import type { Turn } from '../carrier/carrier.ts'
import { CarrierError } from '../carrier/errors.ts'
import { ageOf, type Moment, moment } from '../domain/clock.ts'
import type { IntentRow } from '../journal/operation.ts'
import type { Pace, ReadingDoor } from './door.ts'
import { numbersOf, readNumbers } from './readings.ts'
import type { Look, Reading } from './write.ts'

/** Fewer numbers than these are always queried. */
const fewest = 32

/** Every audit is given this long, milliseconds. */
const leastAuditMs = 1000

/** What a number of a long list is taken to need until it is known: 8 at once at 160 ms. Milliseconds. */
const unknownNumberMs = 20

/** A query serves for this long from its end, milliseconds. */
const queryServesMs = 2000

/** An audit serves for this long from its end, milliseconds (docs/write-path.md, step 6). */
const auditServesMs = 10_000

/** An audit that took longer than this serves nothing: what it showed first is as old as that. Milliseconds. */
const longestAuditMs = 30_000

/**
 * Step 3's look at the numbers: by one audit where that is cheaper than a query each. What it does not show is queried.
 * Throws CarrierError where a query fails.
 */
export async function readAll(
  door: ReadingDoor,
  look: Look,
  tns: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Reading[]> {
  const shown = await audit(door, door.carrier, look, tns, signal)
  const rest = shown === undefined ? tns : tns.filter((tn) => !shown.has(tn))
  return [...(shown?.values() ?? []), ...(await queryEach(door, door.carrier, look, rest, signal))]
}

/** What a number was seen to be, and whether that is still young enough to be sent on. */
export interface Sight {
  reading: Reading
  serves(): boolean
}

/**
 * Step 6's look, at the numbers of one chunk, under its turn; `left` are they and all that follow. Throws CarrierError.
 */
export type SecondLook = (
  turn: Turn,
  rows: readonly IntentRow[],
  left: readonly IntentRow[],
  signal: AbortSignal | undefined,
) => Promise<Map<string, Sight>>

/**
 * Looks again for an operation that holds its numbers: everything that it goes by is begun in here, and thus after the claim. What was
 * read before it, another operation may have changed. Where an audit says something else than what was agreed to, the
 * number itself is queried: only that takes it out.
 */
export function secondLook(door: ReadingDoor, look: Look): SecondLook {
  const { clock } = door
  let audited: { shown: ReadonlyMap<string, Reading>; ended: Moment } | undefined
  const since = (ended: Moment, servesMs: number) => () => ageOf(clock, ended) < servesMs
  return async (turn, rows, left, signal) => {
    if (audited && ageOf(clock, audited.ended) >= auditServesMs) audited = undefined
    if (audited === undefined) {
      const begun = moment(clock)
      const shown = await audit(door, turn, look, numbersOf(left), signal)
      if (shown && ageOf(clock, begun) <= longestAuditMs) audited = { shown, ended: moment(clock) }
    }
    const sights = new Map<string, Sight>()
    for (const { tn, before } of rows) {
      const reading = audited?.shown.get(tn)
      if (audited && reading && look.same(before, reading.facts)) {
        sights.set(tn, { reading, serves: since(audited.ended, auditServesMs) })
      }
    }
    const unknown = numbersOf(rows).filter((tn) => !sights.has(tn))
    await queryEach(door, turn, look, unknown, signal, (reading) => {
      sights.set(reading.tn, { reading, serves: since(moment(clock), queryServesMs) })
    })
    return sights
  }
}

/** Reads those of the numbers that the account owns, by one audit; undefined where queries are cheaper, or the audit failed. */
async function audit(
  door: ReadingDoor,
  carrier: Turn,
  look: Look,
  tns: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Reading> | undefined> {
  const { pace } = door
  if (look.audit === undefined || !pace.prefersAudit(tns.length)) return undefined
  const controller = new AbortController()
  const takeBack = door.clock.after(pace.auditWithinMs(tns.length), () => controller.abort())
  const either = signal ? AbortSignal.any([signal, controller.signal]) : controller.signal
  const wanted = new Set(tns)
  const shown = new Map<string, Reading>()
  const at = door.clock.now()
  const from = performance.now()
  try {
    const row = (reading: Reading) => {
      const { tn, facts } = reading
      if (!wanted.has(tn)) return
      // A row that does not say that the number is ours, or a second one, says nothing: the number is queried.
      if (shown.delete(tn) || facts.status !== 'yours') wanted.delete(tn)
      else shown.set(tn, reading)
    }
    await look.audit(carrier, row, at, { signal: either })
    return shown
  } catch (error) {
    if (signal?.aborted || (error instanceof CarrierError && error.kind === 'auth')) throw error
    return undefined
  } finally {
    takeBack()
    pace.audited(performance.now() - from)
  }
}

async function queryEach(
  door: ReadingDoor,
  carrier: Turn,
  look: Look,
  tns: readonly string[],
  signal: AbortSignal | undefined,
  each?: (reading: Reading) => void,
): Promise<Reading[]> {
  const from = performance.now()
  const readings = await readNumbers(look, carrier, tns, door.clock.now(), signal, each)
  door.pace.queried(tns.length, performance.now() - from)
  return readings
}

/** The pace of a carrier that nobody asked yet. */
export function createPace(): Pace {
  let numberMs = unknownNumberMs
  let auditMs: number | undefined
  const auditWithinMs = (queries: number) => Math.max(queries * numberMs, leastAuditMs)
  return {
    prefersAudit: (queries) => queries >= fewest && (auditMs === undefined || auditMs <= auditWithinMs(queries)),
    auditWithinMs,
    audited(ms) {
      auditMs = ms
    },
    queried(numbers, ms) {
      if (numbers >= fewest) numberMs = ms / numbers
    },
  }
}
