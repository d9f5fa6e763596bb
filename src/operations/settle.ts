import type { Carrier, Did, WriteAnswer } from '../carrier/carrier.ts'
import { accessRefused, explain, judge, type WriteTool } from '../carrier/outcomes.ts'
import type { IntentRow, Seen, Settled } from '../journal/operation.ts'
import { type Conclusion, conclude } from './conclude.ts'
import type { Door } from './door.ts'
import { type Reading, readNumbers, sameFacts } from './facts.ts'
import { keep } from './unsaved.ts'

/** Two readings that agree must be this far apart before `failed` is believed of an unread request, milliseconds. */
export const readingsApartMs = 5000

/** How long a reservation lasts where the carrier's words do not say: it does not say, so nothing is promised. */
const heldFor = /reserved for (\d{1,3}) minutes/i

/**
 * What each number of an answered write is now. An answer counts for a number only if it holds exactly one row for it;
 * a row that is missing or doubled counts as unread.
 */
export function judgeAnswer(
  tool: WriteTool,
  rows: readonly IntentRow[],
  answer: WriteAnswer,
  at: number,
): { settled: Settled[]; unclear: { row: IntentRow; code: number }[]; unread: IntentRow[] } {
  const settled: Settled[] = []
  const unclear: { row: IntentRow; code: number }[] = []
  const unread: IntentRow[] = []
  const answered = rowsByNumber(answer.dids)
  for (const row of rows) {
    // An envelope that is not a success speaks for every number in it, whatever its rows say. Only 901 and 902 say that
    // nothing was done.
    const dids = answered.get(row.tn) ?? []
    const [did] = dids
    if (answer.code !== 100) {
      if (accessRefused(answer.code)) settled.push(failedBy(row, answer.code, answer.message))
      else unclear.push({ row, code: answer.code })
    } else if (did === undefined || dids.length > 1) unread.push(row)
    else if (judge(tool, did.statusCode) === 'done') settled.push(doneBy(tool, row, did, at))
    else if (judge(tool, did.statusCode) === 'failed') settled.push(failedBy(row, did.statusCode, did.status))
    else unclear.push({ row, code: did.statusCode })
  }
  return { settled, unclear, unread }
}

/**
 * Settles numbers by one query each: the table of docs/write-path.md.
 *
 * - `fencedUntil` absent: the answer was read, so nothing can land any more and † stands at once.
 * - else † stands when the fence is over and a reading at least {@link readingsApartMs} older agrees.
 *
 * One settlement for each row, in their order; never throws. What `signal` leaves unread stays uncertain.
 */
export async function settleByQuery(
  door: Pick<Door, 'carrier' | 'clock'>,
  tool: WriteTool,
  rows: readonly (IntentRow & {
    code?: number | undefined
    fencedUntil?: number | undefined
    seen?: Seen | undefined
  })[],
  signal?: AbortSignal,
): Promise<Settled[]> {
  const readings = await readEach(door, rows, signal)
  const seen = rows.map((row) => ({ row, reading: readings.get(row.tn) }))
  const concluded = seen.map(({ row, reading }) => ({
    row,
    reading,
    conclusion: reading && conclude(tool, row, row.before, reading),
  }))
  const toAudit = concluded.filter(({ conclusion }) => conclusion?.when === 'audit').map(({ row }) => row.tn)
  const absent = toAudit.length > 0 ? await absentFromAudit(door.carrier, toAudit, signal) : new Set<string>()
  return concluded.map(({ row, reading, conclusion }) => settledAs(row, reading, conclusion, absent))
}

/** Commits outcomes. Where the journal is away they are kept, and no write begins until they are in; false then. */
export function commit(door: Door, operationId: string, rows: readonly Settled[]): Promise<boolean> {
  const at = door.clock.now()
  return keep(door, { operationId, save: (journal) => journal.settle(operationId, rows, at) })
}

function rowsByNumber(dids: readonly Did[]): Map<string, Did[]> {
  const rows = new Map<string, Did[]>()
  for (const did of dids) rows.set(did.tn, [...(rows.get(did.tn) ?? []), did])
  return rows
}

function failedBy(row: IntentRow, code: number, words: string | undefined): Settled {
  const { meaning, next } = explain(code)
  return { tn: row.tn, outcome: 'failed', code, meaning: `${meaning}. ${next}`, words }
}

function doneBy(tool: WriteTool, row: IntentRow, did: Did, at: number): Settled {
  const minutes = heldFor.exec(did.status ?? '')?.[1]
  const { epg, cnam, refId } = row
  const before = { ...row.before }
  const asked = {
    ...(epg !== undefined && { epg }),
    ...(cnam !== undefined && { cnam }),
    ...(refId !== undefined && { refId }),
  }
  const after = {
    reserveDID: { ...before, ...asked, status: 'reserved' as const },
    assignDID: { ...before, ...asked, status: 'yours' as const },
    configDID: { ...before, ...asked },
    // 106241: released, and not for sale at once.
    releaseDID: { status: did.statusCode === 106231 ? ('available' as const) : ('unknown' as const) },
  }[tool]
  return {
    tn: row.tn,
    outcome: 'done',
    code: did.statusCode,
    words: did.status,
    after,
    ...(tool === 'reserveDID' && minutes !== undefined && { heldUntil: at + Number(minutes) * 60_000 }),
  }
}

/** One reading a number; a number whose query fails has none, whatever the failure: it stays uncertain. */
async function readEach(
  { carrier, clock }: Pick<Door, 'carrier' | 'clock'>,
  rows: readonly { tn: string }[],
  signal: AbortSignal | undefined,
): Promise<Map<string, Reading>> {
  const at = clock.now()
  const readings = await Promise.all(
    rows.map(async ({ tn }): Promise<Reading | undefined> => {
      try {
        return (await readNumbers(carrier, [tn], at, signal))[0]
      } catch {
        return undefined
      }
    }),
  )
  return new Map(readings.flatMap((reading) => (reading ? [[reading.tn, reading]] : [])))
}

async function absentFromAudit(
  carrier: Carrier,
  tns: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Set<string>> {
  const absent = new Set(tns)
  try {
    await carrier.auditDIDs((did) => absent.delete(did.tn), { signal })
    return absent
  } catch {
    return new Set()
  }
}

function settledAs(
  row: { tn: string; code?: number | undefined; fencedUntil?: number | undefined; seen?: Seen | undefined },
  reading: Reading | undefined,
  conclusion: Conclusion | undefined,
  absent: ReadonlySet<string>,
): Settled {
  const { tn, code, fencedUntil } = row
  const fence = fencedUntil === undefined ? {} : { fencedUntil }
  const answered = code === undefined ? {} : { code }
  if (reading === undefined || conclusion === undefined) {
    const meaning = withAnswer('it may or may not have taken effect, and the number could not be read since', code)
    return { tn, outcome: 'uncertain', meaning, ...answered, ...fence, ...(row.seen && { seen: row.seen }) }
  }
  const seen = seenSince(row.seen, reading)
  const stands =
    conclusion.when === 'now' ||
    (conclusion.when === 'audit' && absent.has(tn)) ||
    (conclusion.when === 'quiet' && (fencedUntil === undefined || quietIsOver(fencedUntil, seen, reading)))
  const { seen: sight, therefore } = conclusion
  const conclusive = [sight, therefore].filter(Boolean).join(': ')
  const mayLand = fencedUntil !== undefined && reading.at < fencedUntil
  const open = mayLand ? `it may still take effect; so far ${sight}` : `a query does not tell how it ended: ${sight}`
  const seenNow = stands ? conclusive : open
  const meaning = code === undefined ? seenNow : withAnswer(`seen since: ${seenNow}`, code)
  const inferred = stands && conclusion.outcome !== 'uncertain' ? { inferred: true } : {}
  const outcome = stands ? conclusion.outcome : 'uncertain'
  return { tn, outcome, meaning, after: reading.facts, ...answered, ...inferred, ...fence, seen }
}

/**
 * What became of the number, then what the carrier had answered: a long text is cut at its end. Not what its code advises,
 * which is to ask what the number is now.
 */
function withAnswer(fate: string, code: number | undefined): string {
  return code === undefined ? fate : `${fate}. The carrier answered: ${explain(code).meaning}`
}

/** The earliest reading since which nothing changed. */
function seenSince(older: Seen | undefined, reading: Reading): Seen {
  return older && sameFacts(older.facts, reading.facts) ? older : { at: reading.at, facts: reading.facts }
}

function quietIsOver(fencedUntil: number, seen: Seen, reading: Reading): boolean {
  return reading.at >= fencedUntil && reading.at - seen.at >= readingsApartMs
}
