import { accessRefused } from '../carrier/outcomes.ts'
import type { Settled } from '../journal/operation.ts'
import type { Caller, Door } from './door.ts'
import { notAttempted, type RecordedOperation, type Requested, reasonToStop, requestsOf } from './request.ts'
import { commit, settleByQuery } from './settle.ts'
import { judgeAnswer } from './told.ts'

/**
 * Steps 6 and 7 of a write: chunk by chunk, read again, drop what changed, commit `sending`, write the request once,
 * settle, commit. Every number of the operation has an outcome when it returns, and never throws for what the carrier
 * or the journal did.
 */
export async function send(door: Door, operation: RecordedOperation, caller: Caller): Promise<Settled[]> {
  const settled: Settled[] = []
  const requests = requestsOf(door, operation, caller)
  let left = operation.rows
  let unreadChunks = 0
  let stop: string | undefined
  while (left.length > 0) {
    stop ??= reasonToStop(door, caller)
    if (stop !== undefined) break
    caller.progress?.(
      settled.length,
      operation.rows.length,
      `Operation ${operation.id} (${operation.write.tool}) is running`,
    )
    const requested = await requests.next(left)
    const chunk = await settleChunk(door, operation, requested)
    const saved = chunk.settled.length === 0 || (await commit(door, operation.id, chunk.settled))
    left = requested.left
    settled.push(...chunk.settled)
    if (chunk.unread) unreadChunks++
    if (!saved) stop = 'not sent: the journal could not be written'
    else if (chunk.stop !== undefined) stop = chunk.stop
    else if (unreadChunks > 1) stop = 'not sent: the carrier left two requests of this operation unanswered'
    else if (chunk.unread && chunk.settled.some(({ outcome }) => outcome === 'uncertain')) {
      stop = 'not sent: the carrier left a request of this operation unanswered'
    }
  }
  if (stop === undefined || left.length === 0) return settled
  const rest = notAttempted(left, stop)
  await commit(door, operation.id, rest)
  return [...settled, ...rest]
}

interface Chunk {
  settled: Settled[]
  /** Its answer was not read. */
  unread: boolean
  /** Why nothing more is sent. */
  stop?: string
}

async function settleChunk(
  door: Door,
  { write }: RecordedOperation,
  { ended, sent, dropped }: Requested,
): Promise<Chunk> {
  if (ended.how === 'nothing') return { settled: [...dropped], unread: false }
  if (ended.how === 'unsent') return { settled: [...dropped], unread: false, stop: ended.stop }
  door.wrote?.()
  if (ended.how === 'unanswered') {
    const { fencedUntil, words } = ended
    const fenced = sent.map((row) => ({ ...row, words, fencedUntil }))
    return { settled: [...dropped, ...(await settleByQuery(door, write, fenced))], unread: true }
  }
  const { answer, at, fencedUntil } = ended
  const told = judgeAnswer(write, sent, answer, { at, fencedUntil })
  const settled = told.flatMap((one) => ('settled' in one ? [one.settled] : []))
  const open = told.flatMap((one) => ('open' in one ? [one] : []))
  const byQuery = await settleByQuery(
    door,
    write,
    open.map((one) => one.open),
  )
  return {
    settled: [...dropped, ...settled, ...byQuery],
    unread: open.some(({ unread }) => unread),
    ...(accessRefused(answer.code) && { stop: 'not sent: the carrier did not let this user in' }),
  }
}
