import { sql } from 'kysely'
import type { Clock } from '../../domain/clock.ts'
import type { Trx } from '../engine.ts'

/** The database's clock, as far as this process knows it: rows of several machines go by it, whatever their own clocks say. */
export interface ServerClock {
  /** A moment of this process's wall clock, by the database's. Milliseconds since 1970. */
  now(wall: number): number
  /** Asks the database for its time where that is due. It is called first in a transaction. */
  sync(trx: Trx): Promise<void>
}

/** The time for which an answer is good, before the database is asked again: clocks drift by milliseconds a minute. */
const goodForMs = 60_000

/** A wall clock that moved by more than this against the monotonic one was set, or the machine slept. */
const setByMs = 100

/** @param clock this machine's, which may be wrong, and may be set while the process runs */
export function serverClock(clock: Pick<Clock, 'now' | 'ticks'>): ServerClock {
  let ahead = 0
  let asked: { at: number; ticks: number } | undefined
  const isGood = (): boolean => {
    if (asked === undefined) return false
    const [byWall, byTicks] = [clock.now() - asked.at, clock.ticks() - asked.ticks]
    return byTicks < goodForMs && Math.abs(byWall - byTicks) <= setByMs
  }
  return {
    now: (wall) => wall + ahead,
    async sync(trx) {
      if (isGood()) return
      const before = { at: clock.now(), ticks: clock.ticks() }
      const { rows } = await sql<{ ms: string }>`
        select extract(epoch from clock_timestamp()) * 1000 as ms`.execute(trx)
      const took = clock.ticks() - before.ticks
      // The answer is from the middle of the way there and back, as far as anybody can tell.
      ahead = Math.round(Number(rows[0]?.ms) - (before.at + took / 2))
      asked = before
    },
  }
}
