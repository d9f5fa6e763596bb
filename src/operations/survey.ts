import { CarrierError } from '../carrier/errors.ts'
import type { WriteTool } from '../carrier/outcomes.ts'
import type { IntentRow } from '../journal/operation.ts'
import type { Door } from './door.ts'
import { numbersOf, type Reading, readingOf, readNumbers, sameFacts } from './facts.ts'

/** Fewer numbers than these are always queried. */
const fewest = 32

/** Every audit is given this long, milliseconds. */
const leastAuditMs = 1000

/** A reading younger than this serves without another query, milliseconds. */
const freshMs = 2000

/** An audit begun after the claim serves chunks that are sent this long after its end (docs/write-path.md, step 6), milliseconds. */
const auditServesMs = 10_000

/**
 * Step 3's look at the numbers: by one audit where that is cheaper than a query each. What it does not show is queried.
 * Throws CarrierError where a query fails.
 */
export async function readAll(
  door: Door,
  tool: WriteTool,
  tns: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Reading[]> {
  const shown = await audit(door, tool, tns, signal)
  const rest = shown === undefined ? tns : tns.filter((tn) => !shown.has(tn))
  return [...(shown?.values() ?? []), ...(await queryEach(door, rest, signal))]
}

/** Step 6's look, at the numbers of one chunk; `left` are they and all that follow. Throws CarrierError. */
export type SecondLook = (
  rows: readonly IntentRow[],
  left: readonly IntentRow[],
  signal: AbortSignal | undefined,
) => Promise<Map<string, Reading>>

/**
 * A reading under 2 s old serves, and so does an audit, which is begun here and thus after the claim. Where an audit says
 * something else than what was agreed to, the number itself is queried: only that takes it out.
 */
export function secondLook(door: Door, tool: WriteTool, readings: ReadonlyMap<string, Reading>): SecondLook {
  let audited: ReadonlyMap<string, Reading> | undefined
  let servesUntil = 0
  return async (rows, left, signal) => {
    if (door.clock.now() > servesUntil) audited = undefined
    const recent = (row: IntentRow) => {
      const reading = readings.get(row.tn)
      return reading !== undefined && door.clock.now() - reading.at < freshMs ? reading : undefined
    }
    if (audited === undefined && !rows.every(recent)) {
      audited = await audit(door, tool, numbersOf(left), signal)
      servesUntil = door.clock.now() + auditServesMs
    }
    const known = (row: IntentRow) => {
      const reading = audited?.get(row.tn)
      if (reading === undefined) return recent(row)
      return sameFacts(row.before, reading.facts) ? reading : undefined
    }
    const unknown = numbersOf(rows.filter((row) => known(row) === undefined))
    const fresh = [...rows.flatMap((row) => known(row) ?? []), ...(await queryEach(door, unknown, signal))]
    return new Map(fresh.map((reading) => [reading.tn, reading]))
  }
}

/** Of these numbers those that the account owns; undefined where queries are cheaper, or the audit failed. */
async function audit(
  door: Door,
  tool: WriteTool,
  tns: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Reading> | undefined> {
  const { pace } = door
  const queriesMs = tns.length * pace.numberMs
  // Numbers that are to be had stand in no audit.
  if (tool === 'reserveDID' || tool === 'assignDID' || tns.length < fewest) return undefined
  if (pace.auditMs !== undefined && pace.auditMs > Math.max(queriesMs, leastAuditMs)) return undefined
  const controller = new AbortController()
  const takeBack = door.clock.after(Math.max(queriesMs, leastAuditMs), () => controller.abort())
  const either = signal ? AbortSignal.any([signal, controller.signal]) : controller.signal
  const wanted = new Set(tns)
  const shown = new Map<string, Reading>()
  const at = door.clock.now()
  const from = performance.now()
  try {
    await door.carrier.auditDIDs(
      (did) => {
        if (!wanted.has(did.tn)) return
        const reading = readingOf({ tn: did.tn, code: did.statusCode, did }, at)
        // A row that does not say that the number is ours, or a second one, says nothing: the number is queried.
        if (shown.delete(did.tn) || reading.facts.status !== 'yours') wanted.delete(did.tn)
        else shown.set(did.tn, reading)
      },
      { signal: either },
    )
    return shown
  } catch (error) {
    if (signal?.aborted || (error instanceof CarrierError && error.kind === 'auth')) throw error
    return undefined
  } finally {
    takeBack()
    pace.auditMs = performance.now() - from
  }
}

async function queryEach(door: Door, tns: readonly string[], signal: AbortSignal | undefined): Promise<Reading[]> {
  const from = performance.now()
  const readings = await readNumbers(door.carrier, tns, door.clock.now(), signal)
  if (tns.length >= fewest) door.pace.numberMs = (performance.now() - from) / tns.length
  return readings
}
