import * as z from 'zod'
import { explain } from '../carrier/outcomes.ts'
import { environments } from '../domain/account.ts'
import type { Facts } from '../domain/facts.ts'
import { visible } from '../domain/untrusted.ts'
import { yesKinds } from '../domain/yes-kind.ts'
import {
  type Counts,
  countOutcomes,
  type OperationRow,
  type Outcome,
  outcomeNow,
  outcomes,
} from '../journal/operation.ts'
import { differsOf } from './differs.ts'
import type { Write } from './write.ts'
import { writeNamed } from './writes.ts'

/** What the carrier said of a number, in the fields of the write: each write has its own, so no schema lists them. */
const shownFacts = z.record(z.string(), z.unknown())

/** How many numbers ended how. Always whole, whatever `results` leaves out. */
export const counts = z.strictObject({
  done: z.int(),
  failed: z.int(),
  uncertain: z.int(),
  notAttempted: z.int(),
}) satisfies z.ZodType<Counts>

/** One number of a write. */
export const result = z.strictObject({
  tn: z.string(),
  outcome: z.enum(outcomes),
  /** The carrier's code. */
  code: z.int().optional(),
  meaning: z.string().optional(),
  /** The carrier's own words, at most 200 characters, untrusted. */
  words: z.string().optional(),
  /** What the carrier said of the number before, in fields that matter to the effect. */
  before: shownFacts.optional(),
  /** What the carrier answered, or what was seen since; never what was asked. */
  after: shownFacts.optional().describe('as answered or seen since, not as asked'),
  /** The fields of `after` that are not as asked, or not as shown. */
  differs: z.array(z.string()).optional(),
  heldUntil: z.string().optional(),
  /** Seen at the carrier, not answered by it. */
  inferred: z.boolean().optional().describe('seen by a query, not answered'),
  /** The time until which an uncertain number is watched: the request may still take effect. */
  watchUntil: z.string().optional().describe('may take effect until'),
})

export type Result = z.output<typeof result>

/** The answer of every write (docs/write-path.md). Times are ISO 8601, UTC. */
export const envelope = z.strictObject({
  status: z.enum([
    'done',
    'partly_done',
    'failed',
    'uncertain',
    'confirmation_required',
    'declined',
    'waiting',
    'preview',
  ]),
  environment: z.enum(environments),
  /** The operation in the journal; absent where nothing was recorded, and so nothing sent either. */
  operationId: z.string().optional(),
  /** Who said yes and how, as {@link confirmedInWords} says it; absent where nothing was recorded. */
  confirmedBy: z.string().optional(),
  /** A summary for a person and a model: what happened, what did not, what to do next. */
  summary: z.string(),
  counts,
  confirmation: z
    .strictObject({
      ticket: z.string().optional(),
      approvalId: z.string().optional(),
      /** The way in which a yes would be asked for, of a dry run. */
      wouldAsk: z.enum(['nothing', ...yesKinds]).optional(),
      expiresAt: z.string().optional(),
      preview: z.array(z.string()),
    })
    .optional(),
  /** The rows, at most {@link rowsShown}, uncertain and failed first. */
  results: z.array(result),
})

export type Envelope = z.output<typeof envelope>

/**
 * Who said yes to an operation, in words for a person and a model.
 *
 * @param recorded as the journal has it: `policy`, `person`, `ticket` or `approval by NAME`
 */
export function confirmedInWords(recorded: string): string {
  return Object.hasOwn(yeses, recorded) ? (yeses[recorded] ?? recorded) : recorded
}

const yeses: Readonly<Record<string, string>> = {
  policy: 'policy (no yes needed)',
  person: 'person, in the client',
  ticket: 'ticket (relayed by the assistant; which person is not known)',
}

/** Rows of an envelope's `results`; the operation has the rest. */
export const rowsShown = 100

/** A settled or planned row, before it is shown. */
export type RowOutcome = Pick<OperationRow, 'tn'> &
  Partial<Omit<OperationRow, 'tn' | 'before'>> & { before?: Facts | undefined }

/** Counts over all rows of a tool's call, planned or recorded, and at most so many of them: uncertain and failed first. */
export function showRows(
  tool: string,
  rows: readonly RowOutcome[],
  most = rowsShown,
): { counts: Counts; results: Result[] } {
  const ordered = [...rows].sort((a, b) => rank(a) - rank(b) || (a.tn < b.tn ? -1 : 1))
  return { counts: countOutcomes(rows), results: ordered.slice(0, most).map((row) => showRow(row, writeNamed(tool))) }
}

const order: readonly Outcome[] = ['uncertain', 'failed', 'not_attempted', 'done']
const rank = (row: RowOutcome): number => order.indexOf(outcomeNow(row))

/** What an outcome means, for a person; where nothing more is known, what the carrier's code does: many look like errors. */
export function meaningOf(row: RowOutcome): string | undefined {
  const { meaning, code, outcome } = row
  if (meaning !== undefined) return meaning
  if (outcome === undefined) return underWay[outcomeNow(row)]
  return code === undefined ? undefined : code === success ? 'success' : explain(code).meaning
}

/** The code whose meaning depends on what was asked for. */
const success = 100

/** The meaning of an outcome while the number's operation is still open. */
const underWay: { readonly [outcome in Outcome]?: string } = {
  uncertain: 'the request is under way: its answer was not read yet',
  not_attempted: 'not sent yet',
}

function showRow(row: RowOutcome, write: Write | undefined): Result {
  const outcome = outcomeNow(row)
  const result: Result = { tn: row.tn, outcome }
  // Of a write of another version nothing is known but whose the number is.
  const shown = (facts: Facts): z.output<typeof shownFacts> => ({
    ...(write ? write.look.shown(facts) : { status: facts.status }),
  })
  if (row.code !== undefined) result.code = row.code
  const meaning = meaningOf(row)
  if (meaning !== undefined) result.meaning = meaning
  if (row.words !== undefined) result.words = visible(row.words)
  if (row.before !== undefined) result.before = shown(row.before)
  const differs = write ? differsOf(write, row).map(({ field }) => field) : []
  if (row.after !== undefined) {
    result.after = Object.fromEntries(
      Object.entries(shown(row.after)).filter(
        // An empty text where there was none before would look like a change.
        ([name, value]) => value !== '' || result.before?.[name] !== undefined || differs.includes(name),
      ),
    )
  }
  if (differs.length > 0) result.differs = differs
  if (row.heldUntil !== undefined) result.heldUntil = new Date(row.heldUntil).toISOString()
  if (row.inferred === true) result.inferred = true
  if (outcome === 'uncertain' && row.fencedUntil !== undefined) {
    result.watchUntil = new Date(row.fencedUntil).toISOString()
  }
  return result
}
