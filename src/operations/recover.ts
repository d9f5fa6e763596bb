import { grouped } from '../domain/grouped.ts'
import type { Operation, OperationRow, Settled, Unsettled } from '../journal/operation.ts'
import type { ReadingDoor } from './door.ts'
import { sendWithinMs } from './request.ts'
import { forgetOld } from './retention.ts'
import { commit, readingsApartMs, settleByQuery } from './settle.ts'
import { saveUnsaved } from './unsaved.ts'
import type { Write } from './write.ts'
import { writeNamed } from './writes.ts'

/** A number whose query failed, or that stays uncertain after its fence, is looked at again after this time, milliseconds. */
const lookAgainMs = 60_000

/** Looks by timer at one operation, at most; after that the next attempt or listOperations settles it. */
const looks = 30

/**
 * Uncertain numbers that one settling of what is due asks about: as many as one lost answer leaves behind (a chunk, send.ts),
 * and about a second of queries at the usual pace (door.ts), which a reader of the journal waits for.
 */
export const dueAtOnce = 50

/**
 * Settles what can be settled on this account, by one query a number: what dead processes left open, and the uncertain
 * numbers, those on `tns`, or without it at most {@link dueAtOnce} of those whose fence is over, the ones looked at longest
 * ago first. The carrier is not asked where there is nothing. Once nobody waits any more (`signal`) it returns early.
 */
export async function settleDue(door: ReadingDoor, { tns, signal }: Due = {}): Promise<void> {
  await settleOrphans(door, { tns, signal })
  if (signal?.aborted) return
  const uncertain = await stillUncertain(door, tns)
  await settleRows(door, tns ? uncertain : nextDue(door, uncertain), signal)
}

interface Due {
  tns?: readonly string[] | undefined
  signal?: AbortSignal | undefined
}

/** Reads the uncertain numbers of an operation again by timer, until they are settled. */
export function watch(door: ReadingDoor, operationId: string, rows: readonly Watched[], left = looks): void {
  const next = nextLook(door, rows)
  if (next === undefined || left === 0) return
  door.clock.after(Math.max(next - door.clock.now(), 0), () => {
    lookAgain(door, operationId, left).catch((error: unknown) => {
      door.log.warn('an uncertain number could not be looked at', { operationId, error: String(error) })
      door.clock.after(lookAgainMs, () => watch(door, operationId, rows, left - 1))
    })
  })
}

/**
 * What a process does for its account when it has started: takes over and settles what dead processes left open, settles
 * what is due, watches what stays uncertain, and lets go of what was kept long enough. Returns the ids of the operations that were taken over.
 */
export async function recover(door: ReadingDoor): Promise<string[]> {
  await saveUnsaved(door)
  const adopted = await settleOrphans(door)
  await settleDue(door)
  for (const [operationId, ones] of grouped(await stillUncertain(door), operationOf)) {
    if (!adopted.includes(operationId)) watch(door, operationId, ones.map(rowOf))
  }
  forgetOld(door)
  return adopted
}

/**
 * What a number is since it was written again says nothing about an older operation: those are left out, for a person's word.
 */
async function stillUncertain(door: ReadingDoor, tns?: readonly string[]): Promise<Unsettled[]> {
  const journal = await door.journal()
  return (await journal.uncertain(door.account, tns)).filter(({ overtaken }) => !overtaken)
}

/** A number that nobody looked at yet comes before all that were, and of those the oldest operation's. */
function nextDue(door: ReadingDoor, uncertain: readonly Unsettled[]): Unsettled[] {
  const now = door.clock.now()
  const turns = new Map(door.looked.map((key, turn) => [key, turn]))
  const turnOf = (one: Unsettled) => turns.get(keyOf(one)) ?? -1
  const due = uncertain.filter(({ row }) => (row.fencedUntil ?? 0) <= now).sort((a, b) => turnOf(a) - turnOf(b))
  const next = due.slice(0, dueAtOnce)
  const later = due.slice(dueAtOnce).filter((one) => turns.has(keyOf(one)))
  door.looked = [...later, ...next].map(keyOf)
  return next
}

/**
 * Takes over what dead processes left open. Waits for all of it, or for what touches `tns` alone: nobody's call waits
 * for numbers that it does not name. What was taken over is settled also where nobody waits any more.
 */
async function settleOrphans(door: ReadingDoor, { tns, signal }: Due = {}): Promise<string[]> {
  const journal = await door.journal()
  const operations = await journal.adopt(door.account, door.clock.now())
  const settled = operations.map(async (operation) => {
    const ending = settleOrphan(door, operation).then((rows) => watch(door, operation.id, rows))
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

type Watched = Pick<OperationRow, 'outcome' | 'fencedUntil' | 'seen'>

function unreadable({ tn, fencedUntil }: { tn: string; fencedUntil: number }, ours: boolean): Settled {
  const why = ours ? 'this version does not know its tool' : 'the login that asked for it is no longer in use here'
  return { tn, outcome: 'uncertain', meaning: `it may or may not have taken effect, and ${why}`, fencedUntil }
}

async function lookAgain(door: ReadingDoor, operationId: string, left: number): Promise<void> {
  if (door.ending) return
  const uncertain = await stillUncertain(door)
  const settled = await settleRows(
    door,
    uncertain.filter((one) => one.operationId === operationId),
  )
  watch(door, operationId, settled, left - 1)
}

async function settleRows(
  door: ReadingDoor,
  uncertain: readonly Unsettled[],
  signal?: AbortSignal,
): Promise<Settled[]> {
  const all: Settled[] = []
  for (const [tool, ones] of grouped(uncertain, ({ tool }) => tool)) {
    const write = writeNamed(tool)
    if (signal?.aborted) break
    if (write === undefined) continue
    const settled = (await settleByQuery(door, write, ones.map(rowOf), signal)).map(asLate)
    const told = settled.flatMap((row, index) => {
      const one = ones[index]
      return one === undefined || isOldNews(write, row, one.row) ? [] : [{ operationId: one.operationId, row }]
    })
    for (const [operationId, rows] of grouped(told, operationOf)) await commit(door, operationId, rows.map(rowOf))
    all.push(...settled)
  }
  return all
}

function nextLook(door: ReadingDoor, rows: readonly Watched[]): number | undefined {
  const now = door.clock.now()
  const times = rows
    .filter(({ outcome }) => outcome === 'uncertain')
    .map(({ fencedUntil = 0, seen }) => {
      const quiet = Math.max(fencedUntil, (seen?.at ?? fencedUntil) + readingsApartMs)
      return quiet > now ? quiet : now + lookAgainMs
    })
  return times.length > 0 ? Math.min(...times) : undefined
}

/** Still uncertain, and nothing new was seen: not worth a row. */
function isOldNews({ look }: Write, settled: Settled, row: OperationRow): boolean {
  if (settled.outcome !== 'uncertain') return false
  return settled.seen === undefined || (row.seen !== undefined && look.same(row.seen.facts, settled.seen.facts))
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

const operationOf = ({ operationId }: { operationId: string }): string => operationId
const rowOf = <Row>({ row }: { row: Row }): Row => row
const keyOf = ({ operationId, row }: Unsettled): string => `${operationId} ${row.tn}`
const asLate = (row: Settled): Settled => ({ ...row, late: true })
