import type { Operation, Settled } from '../journal/operation.ts'
import type { Due, ReadingDoor } from './door.ts'
import { sendWithinMs } from './request.ts'
import { commit, settleByQuery } from './settle.ts'
import { writeNamed } from './writes.ts'

/**
 * Takes over what dead processes left open, and answers with the ids. Waits for all of it, or for what touches `tns` alone:
 * nobody's call waits for numbers that it does not name. What was taken over is settled also where nobody waits any more.
 */
export async function settleOrphans(door: ReadingDoor, { tns, signal }: Due = {}): Promise<string[]> {
  const journal = await door.journal()
  const operations = await journal.adoptOperations(door.account, door.clock.now())
  const settled = operations.map(async (operation) => {
    const ending = settleOrphan(door, operation).then((rows) => door.watch.follow(operation.id, rows))
    if (tns === undefined || operation.rows.some(({ tn }) => tns.includes(tn))) return ending
    ending.catch((error: unknown) => {
      door.log.warn('an operation of an ended process was not settled', {
        operationId: operation.id,
        error: String(error),
      })
    })
  })
  await Promise.race([Promise.all(settled), ...(signal ? [aborted(signal)] : [])])
  return operations.map(({ id }) => id)
}

/** Settles what dead processes left open, then what is due. */
export async function settleDue(door: ReadingDoor, due: Due = {}): Promise<void> {
  await settleOrphans(door, due)
  if (due.signal?.aborted) return
  await door.watch.settleDue(due)
}

/**
 * What was never sent is `not_attempted`, what may have been sent is settled by the table. Another login's numbers
 * cannot be read with ours: those stay uncertain, for that login or for a person's word.
 */
async function settleOrphan(door: ReadingDoor, operation: Operation): Promise<Settled[]> {
  const open = operation.rows.filter(({ outcome }) => outcome === undefined)
  const unsent = open
    .filter(({ sentAt }) => sentAt === undefined)
    .map(({ tn }): Settled => {
      return { tn, outcome: 'not_attempted', meaning: 'not sent: the process ended before', late: true }
    })
  const sent = open.flatMap((row) =>
    row.sentAt === undefined
      ? []
      : [{ ...row, fencedUntil: row.sentAt + sendWithinMs + door.deadlineMs + door.quietMs }],
  )
  const write = writeNamed(operation.tool)
  const ours = operation.account.id === door.account.id
  const ended = ours && write ? await settleByQuery(door, write, sent) : sent.map((row) => unreadable(row, ours))
  const settled = ended.map(asLate)
  await commit(door, operation.id, [...unsent, ...settled])
  return settled
}

function unreadable({ tn, fencedUntil }: { tn: string; fencedUntil: number }, ours: boolean): Settled {
  const why = ours ? 'this version does not know its tool' : 'the login that asked for it is no longer in use here'
  return { tn, outcome: 'uncertain', meaning: `it may or may not have taken effect, and ${why}`, fencedUntil }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** A settlement that came after its call: whoever touches the number next is told. */
export const asLate = (row: Settled): Settled => ({ ...row, late: true })
