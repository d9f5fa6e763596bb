import type { CarrierReads } from '../carrier/carrier.ts'
import { explain, judge } from '../carrier/outcomes.ts'
import type { Facts, Settings } from '../domain/facts.ts'
import type { WriteTool } from '../domain/write-tool.ts'
import type { Seen, Settled } from '../journal/operation.ts'
import { asAsked, type Conclusion, conclude } from './conclude.ts'
import { describeDifferences, differsOf, seenInFull } from './differs.ts'
import type { ReadingDoor } from './door.ts'
import { type Reading, readNumbers, sameFacts } from './readings.ts'
import type { Open } from './told.ts'
import { keep } from './unsaved.ts'

/** Two readings that agree must be this far apart before `failed` is believed of an unread request, milliseconds. */
export const readingsApartMs = 5000

/**
 * Settles numbers by one query each: the table of docs/write-path.md.
 *
 * - `fencedUntil` absent: what was answered speaks of the present, so nothing can land any more and † stands at once.
 * - else † stands when the fence is over and a reading at least {@link readingsApartMs} older agrees.
 * - `code` one of success: what was answered contradicts what was asked, and `after` is what it said. The query decides
 *   which of the two it is; where it is neither, nothing is inferred against an answer that said success.
 *
 * One settlement for each row, in their order; never throws. What `signal` leaves unread stays uncertain.
 */
export async function settleByQuery(
  door: Pick<ReadingDoor, 'carrier' | 'clock'>,
  tool: WriteTool,
  rows: readonly Open[],
  signal?: AbortSignal,
): Promise<Settled[]> {
  const readings = await readEach(door, rows, signal)
  const seen = rows.map((row) => ({ row, reading: readings.get(row.tn) }))
  const concluded = seen.map(({ row, reading }) => ({
    row,
    reading,
    conclusion: reading && !saysSuccess(tool, row) ? conclude(tool, row.asked, row.before, reading) : undefined,
  }))
  const toAudit = concluded.filter(({ conclusion }) => conclusion?.when === 'audit').map(({ row }) => row.tn)
  const absent = toAudit.length > 0 ? await absentFromAudit(door.carrier, toAudit, signal) : new Set<string>()
  return concluded.map(({ row, reading, conclusion }) => {
    if (reading === undefined) return unseen(tool, row)
    if (conclusion !== undefined) return settledAs(row, reading, conclusion, absent)
    return decidedAs(row, row.after ?? reading.facts, reading)
  })
}

/** Commits outcomes. Where the journal is away they are kept, and no write begins until they are in; false then. */
export function commit(door: ReadingDoor, operationId: string, rows: readonly Settled[]): Promise<boolean> {
  const at = door.clock.now()
  return keep(door, { operationId, save: (journal) => journal.settle(operationId, rows, at) })
}

/** One reading a number; a number whose query fails has none, whatever the failure: it stays uncertain. */
async function readEach(
  { carrier, clock }: Pick<ReadingDoor, 'carrier' | 'clock'>,
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
  carrier: CarrierReads,
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

/** What a row goes on with: what was answered of it, and its fence. */
function kept({ tn, code, words, fencedUntil }: Open): Pick<Settled, 'tn' | 'code' | 'words' | 'fencedUntil'> {
  return {
    tn,
    ...(code !== undefined && { code }),
    ...(words !== undefined && { words }),
    ...(fencedUntil !== undefined && { fencedUntil }),
  }
}

/** The number could not be read. */
function unseen(tool: WriteTool, row: Open): Settled {
  const unknown = saysSuccess(tool, row)
    ? `the carrier answered that it worked, ${describeDifferences(row) ?? 'in an answer that contradicts itself'}; the number could not be read since`
    : withAnswer('it may or may not have taken effect, and the number could not be read since', row.code)
  const { after, heldUntil, seen } = row
  return {
    ...kept(row),
    outcome: 'uncertain',
    meaning: unknown,
    ...(after && { after }),
    ...(heldUntil !== undefined && { heldUntil }),
    ...(seen && { seen }),
  }
}

/** By the table: nothing was answered that says how it ended. */
function settledAs(row: Open, reading: Reading, conclusion: Conclusion, absent: ReadonlySet<string>): Settled {
  const { tn, code, fencedUntil } = row
  const seen = seenSince(row.seen, reading)
  const stands =
    conclusion.when === 'now' ||
    (conclusion.when === 'audit' && absent.has(tn)) ||
    (conclusion.when === 'quiet' && (fencedUntil === undefined || quietIsOver(fencedUntil, seen, reading)))
  const outcome = stands ? conclusion.outcome : 'uncertain'
  const after = seenInFull(row.asked, reading.facts)
  const { seen: sight, therefore } = conclusion
  const differs = differsOf({ ...row, outcome, after }).length > 0 ? describeDifferences({ ...row, after }) : undefined
  const conclusive = [differs, [sight, therefore].filter(Boolean).join(': ')].filter(Boolean).join('; ')
  const mayLand = fencedUntil !== undefined && reading.at < fencedUntil
  const open = mayLand ? `it may still take effect; so far ${sight}` : `a query does not tell how it ended: ${sight}`
  const seenNow = stands ? conclusive : open
  const meaning = code === undefined ? seenNow : withAnswer(`seen since: ${seenNow}`, code)
  const inferred = stands && outcome !== 'uncertain' ? { inferred: true } : {}
  return { ...kept(row), outcome, meaning, after, ...inferred, seen }
}

/**
 * Success was answered, but otherwise than asked: the number is as asked, or as answered, in everything that was answered
 * of it; or nobody knows what the carrier did, whatever is seen. The tier answered is the price, also where another is seen.
 */
function decidedAs(row: Open, said: Facts, reading: Reading): Settled {
  const seen = seenInFull(row.asked, reading.facts)
  const tier = said.tier ?? seen.tier
  const after: Facts = { ...seen, ...(tier !== undefined && { tier }) }
  const { heldUntil } = row
  const { fencedUntil, ...known } = { ...kept(row), ...(heldUntil !== undefined && { heldUntil }) }
  if (isAsSaid(row.asked, said, seen)) {
    const meaning = describeDifferences({ ...row, after })
    return { ...known, outcome: 'done', after, ...(meaning !== undefined && { meaning }) }
  }
  const answered = describeDifferences({ ...row, after: said }) ?? 'in an answer that contradicts itself'
  const meaning = `the carrier answered that it worked, ${answered}; seen since it is neither as asked nor as answered`
  // What was answered stays: a later look is compared with it again.
  return { ...known, outcome: 'uncertain', meaning, after: said, fencedUntil, seen: seenSince(row.seen, reading) }
}

function isAsSaid({ epg, cnam, refId }: Settings, said: Facts, seen: Facts): boolean {
  const released = said.status === 'available' || said.status === 'unknown'
  if (released) return seen.status === 'available' || seen.status === 'taken'
  return (
    seen.status === said.status &&
    (said.epg === undefined || asAsked({ epg: said.epg }, seen) || (epg !== undefined && asAsked({ epg }, seen))) &&
    (said.cnam === undefined ||
      asAsked({ cnam: said.cnam }, seen) ||
      (cnam !== undefined && asAsked({ cnam }, seen))) &&
    (said.refId === undefined ||
      asAsked({ refId: said.refId }, seen) ||
      (refId !== undefined && asAsked({ refId }, seen)))
  )
}

/** Whether what was answered of a row says that it worked. */
function saysSuccess(tool: WriteTool, { code, after }: Open): boolean {
  return after !== undefined && code !== undefined && judge(tool, code, 'number') === 'done'
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
