import { grouped } from '../domain/grouped.ts'
import type { OperationRow, Settled, Unsettled } from '../journal/operation.ts'
import type { ReadingDoor, Watch, Watched } from './door.ts'
import { asLate } from './orphans.ts'
import { commit, readingsApartMs, settleByQuery } from './settle.ts'
import type { Write } from './write.ts'
import { writeNamed } from './writes.ts'

/** A number whose query failed, or that stays uncertain after its fence, is looked at again after this time, milliseconds. */
const lookAgainMs = 60_000

/** Looks by timer at one operation, at most; after that the next attempt or listOperations settles it. */
const looks = 30

/**
 * Uncertain numbers that one settling of what is due asks about: as many as one lost answer leaves behind (a chunk, send.ts),
 * and about a second of queries at the usual pace (survey.ts), which a reader of the journal waits for.
 */
export const dueAtOnce = 50

/** @param doorOf the door that it looks through: it is a part of it */
export function createWatch(doorOf: () => ReadingDoor): Watch {
  /** Uncertain numbers, each as `operation number`, in the order in which they were last looked at. */
  let looked: string[] = []

  const follow = (operationId: string, rows: readonly Watched[], left = looks): void => {
    const { clock, log } = doorOf()
    const next = nextLook(clock.now(), rows)
    if (next === undefined || left === 0) return
    clock.after(Math.max(next - clock.now(), 0), () => {
      lookAgain(operationId, left).catch((error: unknown) => {
        log.warn('an uncertain number could not be looked at', { operationId, error: String(error) })
        clock.after(lookAgainMs, () => follow(operationId, rows, left - 1))
      })
    })
  }

  const lookAgain = async (operationId: string, left: number): Promise<void> => {
    const door = doorOf()
    if (door.ending.aborted) return
    const uncertain = await stillUncertain(door)
    const settled = await settleRows(
      door,
      uncertain.filter((one) => one.operationId === operationId),
    )
    follow(operationId, settled, left - 1)
  }

  /** A number that nobody looked at yet comes before all that were, and of those the oldest operation's. */
  const nextDue = (now: number, uncertain: readonly Unsettled[]): Unsettled[] => {
    const turns = new Map(looked.map((key, turn) => [key, turn]))
    const turnOf = (one: Unsettled) => turns.get(keyOf(one)) ?? -1
    const due = uncertain.filter(({ row }) => (row.fencedUntil ?? 0) <= now).sort((a, b) => turnOf(a) - turnOf(b))
    const next = due.slice(0, dueAtOnce)
    const later = due.slice(dueAtOnce).filter((one) => turns.has(keyOf(one)))
    looked = [...later, ...next].map(keyOf)
    return next
  }

  return {
    follow: (operationId, rows) => follow(operationId, rows),
    async settleDue({ tns, signal } = {}) {
      const door = doorOf()
      const uncertain = await stillUncertain(door, tns)
      await settleRows(door, tns ? uncertain : nextDue(door.clock.now(), uncertain), signal)
    },
    async followAll(but) {
      for (const [operationId, ones] of grouped(await stillUncertain(doorOf()), operationOf)) {
        if (!but.includes(operationId)) follow(operationId, ones.map(rowOf))
      }
    },
  }
}

/**
 * What a number is since it was written again says nothing about an older operation: those are left out, for a person's word.
 */
async function stillUncertain(door: ReadingDoor, tns?: readonly string[]): Promise<Unsettled[]> {
  const journal = await door.journal()
  return (await journal.readUncertain(door.account, tns)).filter(({ overtaken }) => !overtaken)
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

/** The time at which these rows are to be looked at next; undefined where none of them is uncertain. */
function nextLook(now: number, rows: readonly Watched[]): number | undefined {
  const times = rows
    .filter(({ outcome }) => outcome === 'uncertain')
    .map(({ fencedUntil = 0, seen }) => {
      const quiet = Math.max(fencedUntil, (seen?.at ?? fencedUntil) + readingsApartMs)
      return quiet > now ? quiet : now + lookAgainMs
    })
  return times.length > 0 ? Math.min(...times) : undefined
}

/** Whether a number is still uncertain and nothing new was seen of it: that is not worth a row. */
function isOldNews({ look }: Write, settled: Settled, row: OperationRow): boolean {
  if (settled.outcome !== 'uncertain') return false
  return settled.seen === undefined || (row.seen !== undefined && look.same(row.seen.facts, settled.seen.facts))
}

const operationOf = ({ operationId }: { operationId: string }): string => operationId
const rowOf = <Row>({ row }: { row: Row }): Row => row
const keyOf = ({ operationId, row }: Unsettled): string => `${operationId} ${row.tn}`
