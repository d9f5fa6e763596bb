import { explain, judge } from '../carrier/outcomes.ts'
import type { Facts } from '../domain/facts.ts'
import type { Seen, Settled } from '../journal/operation.ts'
import { describeDifferences, differsOf } from './differs.ts'
import type { ReadingDoor } from './door.ts'
import { readNumbers } from './readings.ts'
import type { Open } from './told.ts'
import type { Conclusion, Look, Reading, Write } from './write.ts'

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
  write: Write,
  rows: readonly Open[],
  signal?: AbortSignal,
): Promise<Settled[]> {
  const readings = await readEach(door, write.look, rows, signal)
  const seen = rows.map((row) => ({ row, reading: readings.get(row.tn) }))
  const concluded = seen.map(({ row, reading }) => ({
    row,
    reading,
    conclusion: reading && !saysSuccess(write, row) ? (write.conclude(row, reading) ?? unclear) : undefined,
  }))
  const toAudit = concluded.filter(({ conclusion }) => conclusion?.when === 'audit').map(({ row }) => row.tn)
  const absent = toAudit.length > 0 ? await absentFromAudit(door, write.look, toAudit, signal) : new Set<string>()
  return concluded.map(({ row, reading, conclusion }) => {
    if (reading === undefined) return unseen(write, row)
    if (conclusion !== undefined) return settledAs(write, row, reading, conclusion, absent)
    return decidedAs(write, row, row.after ?? reading.facts, reading)
  })
}

const unclear: Conclusion = { outcome: 'uncertain', when: 'now', seen: 'a query does not tell how it ended' }

/** Commits outcomes. Where the journal is away they are kept, and no write begins until they are in; false then. */
export function commit(door: ReadingDoor, operationId: string, rows: readonly Settled[]): Promise<boolean> {
  const at = door.clock.now()
  return door.outbox.keep({ operationId, save: (journal) => journal.settleNumbers(operationId, rows, at) })
}

/** One reading a number; a number whose query fails has none, whatever the failure: it stays uncertain. */
async function readEach(
  { carrier, clock }: Pick<ReadingDoor, 'carrier' | 'clock'>,
  look: Look,
  rows: readonly { tn: string }[],
  signal: AbortSignal | undefined,
): Promise<Map<string, Reading>> {
  const at = clock.now()
  const readings = await Promise.all(
    rows.map(async ({ tn }): Promise<Reading | undefined> => {
      try {
        return (await readNumbers(look, carrier, [tn], at, signal))[0]
      } catch {
        return undefined
      }
    }),
  )
  return new Map(readings.flatMap((reading) => (reading ? [[reading.tn, reading]] : [])))
}

async function absentFromAudit(
  { carrier, clock }: Pick<ReadingDoor, 'carrier' | 'clock'>,
  look: Look,
  tns: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Set<string>> {
  const absent = new Set(tns)
  try {
    if (look.audit === undefined) return new Set()
    await look.audit(carrier, ({ tn }) => absent.delete(tn), clock.now(), { signal })
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
function unseen(write: Write, row: Open): Settled {
  const unknown = saysSuccess(write, row)
    ? `the carrier answered that it worked, ${describeDifferences(write, row) ?? 'in an answer that contradicts itself'}; the number could not be read since`
    : withAnswer(
        `${row.code === undefined ? unread : ''}it may or may not have taken effect, and the number could not be read since`,
        row.code,
      )
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

/** Words that say whose answer is missing, where none was read; they stand before all that was seen since. */
const unread = "the carrier's answer was not read; "

/** Settles a row by the table, where nothing was answered that says how it ended. */
function settledAs(
  write: Write,
  row: Open,
  reading: Reading,
  conclusion: Conclusion,
  absent: ReadonlySet<string>,
): Settled {
  const { tn, code, fencedUntil } = row
  const seen = seenSince(write.look, row.seen, reading)
  const stands =
    conclusion.when === 'now' ||
    (conclusion.when === 'audit' && absent.has(tn)) ||
    (conclusion.when === 'quiet' && (fencedUntil === undefined || quietIsOver(fencedUntil, seen, reading)))
  const outcome = stands ? conclusion.outcome : 'uncertain'
  const after = write.seenAs(row.asked, reading.facts)
  const { seen: sight, therefore } = conclusion
  const differs =
    differsOf(write, { ...row, outcome, after }).length > 0 ? describeDifferences(write, { ...row, after }) : undefined
  const conclusive = [differs, [sight, therefore].filter(Boolean).join(': ')].filter(Boolean).join('; ')
  const mayLand = fencedUntil !== undefined && reading.at < fencedUntil
  const open = mayLand ? `it may still take effect; so far ${sight}` : `a query does not tell how it ended: ${sight}`
  const seenNow = stands ? conclusive : open
  const meaning =
    code === undefined
      ? `${unread}${stands ? 'seen since: ' : ''}${seenNow}`
      : withAnswer(`seen since: ${seenNow}`, code)
  const inferred = stands && outcome !== 'uncertain' ? { inferred: true } : {}
  return { ...kept(row), outcome, meaning, after, ...inferred, seen }
}

/**
 * Success was answered, but otherwise than asked: the number is as asked, or as answered, in everything that was answered
 * of it; or nobody knows what the carrier did, whatever is seen.
 */
function decidedAs(write: Write, row: Open, said: Facts, reading: Reading): Settled {
  const after = write.seenAs(row.asked, reading.facts, said)
  const { heldUntil } = row
  const { fencedUntil, ...known } = { ...kept(row), ...(heldUntil !== undefined && { heldUntil }) }
  if (write.isAsSaid(row.asked, said, write.seenAs(row.asked, reading.facts))) {
    const meaning = describeDifferences(write, { ...row, after })
    return { ...known, outcome: 'done', after, ...(meaning !== undefined && { meaning }) }
  }
  const answered = describeDifferences(write, { ...row, after: said }) ?? 'in an answer that contradicts itself'
  const meaning = `the carrier answered that it worked, ${answered}; seen since it is neither as asked nor as answered`
  // What was answered stays: a later look is compared with it again.
  return {
    ...known,
    outcome: 'uncertain',
    meaning,
    after: said,
    fencedUntil,
    seen: seenSince(write.look, row.seen, reading),
  }
}

/** Whether what was answered of a row says that it worked. */
function saysSuccess({ tool }: Write, { code, after }: Open): boolean {
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
function seenSince(look: Look, older: Seen | undefined, reading: Reading): Seen {
  return older && look.same(older.facts, reading.facts) ? older : { at: reading.at, facts: reading.facts }
}

function quietIsOver(fencedUntil: number, seen: Seen, reading: Reading): boolean {
  return reading.at >= fencedUntil && reading.at - seen.at >= readingsApartMs
}
