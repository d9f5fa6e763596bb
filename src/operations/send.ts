import type { Carrier, WriteAnswer } from '../carrier/carrier.ts'
import { CarrierError } from '../carrier/errors.ts'
import { accessRefused, type WriteTool } from '../carrier/outcomes.ts'
import { JournalUnavailable } from '../journal/journal.ts'
import type { Facts, IntentRow, Settled } from '../journal/operation.ts'
import type { Caller, Door } from './door.ts'
import { changedBeside, numbersOf, type Reading, sameFacts } from './facts.ts'
import { commit, settleByQuery } from './settle.ts'
import { type SecondLook, secondLook } from './survey.ts'
import { judgeAnswer, wordsOf } from './told.ts'

/** Numbers in one request. */
const chunkSize = 50

/**
 * A request must leave within this time of its `sending` row, or the row is written anew: recovery counts from it.
 * Milliseconds.
 */
export const sendWithinMs = 5000

/** How often a request may be late before it is given up, unsent. */
const latest = 5

/** An operation that stands in the journal, before its first request. */
export interface RecordedOperation {
  id: string
  tool: WriteTool
  rows: readonly IntentRow[]
  readings: ReadonlyMap<string, Reading>
}

/**
 * Steps 6 and 7 of a write: chunk by chunk, read again, drop what changed, commit `sending`, write the request once,
 * settle, commit. Every number of the operation has an outcome when it returns, and never throws for what the carrier
 * or the journal did.
 */
export async function send(door: Door, operation: RecordedOperation, caller: Caller): Promise<Settled[]> {
  const settled: Settled[] = []
  const skipped: IntentRow[] = []
  let unreadChunks = 0
  let stop: string | undefined
  const look = secondLook(door, operation.tool, operation.readings)
  for (const { rows, left } of chunksOf(operation.rows)) {
    stop ??= reasonToStop(door, caller)
    if (stop !== undefined) {
      skipped.push(...rows)
      continue
    }
    caller.progress?.(settled.length, operation.rows.length, `Operation ${operation.id} (${operation.tool}) is running`)
    const chunk = await sendChunk(door, operation, rows, () => look(rows, left, caller.signal))
    const saved = await commit(door, operation.id, chunk.settled)
    settled.push(...chunk.settled)
    if (chunk.unread) unreadChunks++
    if (!saved) stop = 'not sent: the journal could not be written'
    else if (chunk.stop !== undefined) stop = chunk.stop
    else if (unreadChunks > 1) stop = 'not sent: the carrier left two requests of this operation unanswered'
    else if (chunk.unread && chunk.settled.some(({ outcome }) => outcome === 'uncertain')) {
      stop = 'not sent: the carrier left a request of this operation unanswered'
    }
  }
  if (stop === undefined || skipped.length === 0) return settled
  const rest = notAttempted(skipped, stop)
  await commit(door, operation.id, rest)
  return [...settled, ...rest]
}

interface Chunk {
  settled: Settled[]
  /** Its answer was not read, or was none, for some number. */
  unread: boolean
  /** Why nothing more is sent. */
  stop?: string
}

async function sendChunk(
  door: Door,
  operation: RecordedOperation,
  rows: readonly IntentRow[],
  look: () => ReturnType<SecondLook>,
): Promise<Chunk> {
  let fresh: Map<string, Reading>
  try {
    fresh = await look()
  } catch (error) {
    // Not the error's own words: they speak of a request that may have arrived, and this was only a question.
    const stop = `not sent: the numbers could not be read again (${error instanceof CarrierError ? error.kind : 'an error of this server'})`
    return { settled: notAttempted(rows, stop), unread: false, stop }
  }
  const ready: IntentRow[] = []
  const dropped: Settled[] = []
  for (const row of rows) {
    const now = fresh.get(row.tn)
    if (now === undefined) dropped.push(...notAttempted([row], 'not sent: the number could not be read again'))
    else if (now.refused !== undefined) dropped.push(...notAttempted([row], `not sent: ${now.refused}`))
    else if (sameFacts(row.before, now.facts)) ready.push(row)
    else {
      const why = `not sent: the number changed since it was shown${changedBeside(row.before, now.facts)}`
      dropped.push(...notAttempted([row], why, now.facts))
    }
  }
  if (ready.length === 0) return { settled: dropped, unread: false }
  const sent = await sendRows(door, operation, ready)
  return { ...sent, settled: [...dropped, ...sent.settled] }
}

async function sendRows(door: Door, operation: RecordedOperation, rows: readonly IntentRow[]): Promise<Chunk> {
  const { tool } = operation
  let request: Request
  try {
    request = await write(door, operation, rows)
  } catch (error) {
    const stop = `not sent: ${error instanceof JournalUnavailable ? error.message : 'the journal failed'}`
    return { settled: notAttempted(rows, stop), unread: false, stop }
  }
  door.wrote?.()
  if ('answer' in request) {
    const { answer, at, fencedUntil } = request
    const told = judgeAnswer(tool, rows, answer, { at, fencedUntil })
    const settled = told.flatMap((one) => ('settled' in one ? [one.settled] : []))
    const open = told.flatMap((one) => ('open' in one ? [one] : []))
    const byQuery = await settleByQuery(
      door,
      tool,
      open.map((one) => one.open),
    )
    const refused = accessRefused(answer.code)
    return {
      settled: [...settled, ...byQuery],
      unread: open.some(({ unread }) => unread),
      ...(refused && { stop: 'not sent: the carrier did not let this user in' }),
    }
  }
  if (!request.maybeSent) {
    const stop = `not sent: ${request.message}`
    return { settled: notAttempted(rows, stop), unread: false, stop }
  }
  const { fencedUntil, words } = request
  const fenced = rows.map((row) => ({ ...row, words, fencedUntil }))
  return { settled: await settleByQuery(door, tool, fenced), unread: true }
}

/**
 * What came of a request, and until when it may still act where that does not say how it ended: the quiet time counts from
 * the moment in which the answer was read, or the request given up.
 */
type Request = { fencedUntil: number } & (
  | { answer: WriteAnswer; at: number }
  | { maybeSent: boolean; message: string; words: string | undefined }
)

/** The one place where a write leaves. Never torn by the caller's signal, never repeated once a byte may have left. */
async function write(
  door: Door,
  { id, tool, rows: all }: RecordedOperation,
  rows: readonly IntentRow[],
): Promise<Request> {
  const journal = await door.journal()
  const params = rows.map(({ tn, epg, cnam, refId }) => (tool === 'releaseDID' ? { tn } : { tn, epg, cnam, refId }))
  for (let tries = 1; ; tries++) {
    const recordedAt = door.clock.now()
    await journal.sending(id, numbersOf(rows), recordedAt, tries > 1)
    let late = false
    const sending = () => {
      late = door.clock.now() - recordedAt > sendWithinMs
      if (late) throw new SentTooLate()
    }
    try {
      const answer = await methods[tool](door.carrier)(params, { sending })
      const at = door.clock.now()
      return { answer, at, fencedUntil: at + door.quietMs }
    } catch (error) {
      if (late && tries < latest) continue
      const known = error instanceof CarrierError
      if (!known) door.log.warn('a write failed in an unforeseen way', { operationId: id, numbers: all.length })
      return {
        fencedUntil: door.clock.now() + door.quietMs,
        maybeSent: known ? error.maybeSent : true,
        message: known ? error.message : 'an error of this server',
        words: known ? wordsOf(error.words) : undefined,
      }
    }
  }
}

/** Thrown in the moment before the first byte: the request does not leave. */
class SentTooLate extends Error {
  override readonly name = 'SentTooLate'
}

const methods: { readonly [tool in WriteTool]: (carrier: Carrier) => Carrier[WriteTool] } = {
  reserveDID: (carrier) => carrier.reserveDID.bind(carrier),
  assignDID: (carrier) => carrier.assignDID.bind(carrier),
  configDID: (carrier) => carrier.configDID.bind(carrier),
  releaseDID: (carrier) => carrier.releaseDID.bind(carrier),
}

function reasonToStop(door: Door, caller: Caller): string | undefined {
  if (door.ending) return 'not sent: the server was ending'
  return caller.signal?.aborted ? 'not sent: the call was cancelled' : undefined
}

function notAttempted(rows: readonly IntentRow[], meaning: string, after?: Facts): Settled[] {
  return rows.map(({ tn }) => ({ tn, outcome: 'not_attempted', meaning, ...(after && { after }) }))
}

function chunksOf<T>(rows: readonly T[]): { rows: T[]; left: T[] }[] {
  const chunks: { rows: T[]; left: T[] }[] = []
  for (let start = 0; start < rows.length; start += chunkSize) {
    chunks.push({ rows: rows.slice(start, start + chunkSize), left: rows.slice(start) })
  }
  return chunks
}
