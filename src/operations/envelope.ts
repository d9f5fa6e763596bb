import type { Environment } from '../domain/account.ts'
import type { Facts } from '../domain/facts.ts'
import { visible } from '../domain/untrusted.ts'
import { type Counts, countOutcomes, type OperationRow, type Outcome, outcomeNow } from '../journal/operation.ts'
import { type Difference, differsOf } from './differs.ts'

/** The answer of every write (docs/write-path.md). Times are ISO 8601, UTC. */
export interface Envelope {
  status: 'done' | 'partly_done' | 'failed' | 'uncertain' | 'confirmation_required' | 'declined' | 'waiting'
  environment: Environment
  /** Absent where nothing was recorded: nothing was sent either. */
  operationId?: string
  /** For a person and a model: what happened, what did not, what to do next. */
  summary: string
  /** Always whole, whatever `results` leaves out. */
  counts: Counts
  /** At most {@link rowsShown}, uncertain and failed first. */
  results: Result[]
  confirmation?: { ticket?: string; approvalId?: string; expiresAt: string; preview: string[] }
}

export interface Result {
  tn: string
  outcome: Outcome
  /** The carrier's code. */
  code?: number
  meaning?: string
  /** The carrier's own words, at most 200 characters, untrusted. */
  words?: string
  /** What the carrier said of the number before, in fields that matter to the effect. */
  before?: ShownFacts
  /** What the carrier answered, or what was seen since; never what was asked. */
  after?: ShownFacts
  /** The fields of `after` that are not as asked, or not as shown. */
  differs?: Difference[]
  heldUntil?: string
  /** Seen at the carrier, not answered by it. */
  inferred?: true
  /** Until when an uncertain number is watched: the request may still take effect. */
  watchUntil?: string
}

/** What a result shows of a number. The rest is for the person who is asked. */
type ShownFacts = Omit<Facts, 'cnamName' | 'state' | 'rateCenter' | 'didGroupId'>

/** Rows of an envelope's `results`; the operation has the rest. */
export const rowsShown = 100

/** A settled or planned row, before it is shown. */
export type RowOutcome = Pick<OperationRow, 'tn'> &
  Partial<Omit<OperationRow, 'tn' | 'before'>> & { before?: Facts | undefined }

/** Counts over all rows, a planned call's or an operation's, and at most so many of them: uncertain and failed first. */
export function showRows(rows: readonly RowOutcome[], most = rowsShown): { counts: Counts; results: Result[] } {
  const ordered = [...rows].sort((a, b) => rank(a) - rank(b) || (a.tn < b.tn ? -1 : 1))
  return { counts: countOutcomes(rows), results: ordered.slice(0, most).map(showRow) }
}

const order: readonly Outcome[] = ['uncertain', 'failed', 'not_attempted', 'done']
const rank = (row: RowOutcome): number => order.indexOf(outcomeNow(row))

/** Of a number whose operation is still open. */
const underWay: { readonly [outcome in Outcome]?: string } = {
  uncertain: 'the request is under way: its answer was not read yet',
  not_attempted: 'not sent yet',
}

function showRow(row: RowOutcome): Result {
  const outcome = outcomeNow(row)
  const result: Result = { tn: row.tn, outcome }
  if (row.code !== undefined) result.code = row.code
  const meaning = row.meaning ?? (row.outcome === undefined ? underWay[outcome] : undefined)
  if (meaning !== undefined) result.meaning = meaning
  if (row.words !== undefined) result.words = visible(row.words)
  if (row.before !== undefined) result.before = shown(row.before)
  if (row.after !== undefined) result.after = shown(row.after)
  const differs = differsOf(row)
  if (differs.length > 0) result.differs = differs
  if (row.heldUntil !== undefined) result.heldUntil = new Date(row.heldUntil).toISOString()
  if (row.inferred === true) result.inferred = true
  if (outcome === 'uncertain' && row.fencedUntil !== undefined) {
    result.watchUntil = new Date(row.fencedUntil).toISOString()
  }
  return result
}

function shown({
  cnamName: _,
  state: _state,
  rateCenter: _rateCenter,
  didGroupId: _group,
  ...facts
}: Facts): ShownFacts {
  return facts
}
