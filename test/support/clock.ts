import type { Clock } from '../../src/domain/clock.ts'

export interface ManualClock extends Clock {
  /** Moves both clocks. */
  advance(ms: number): void
  /** Sets the wall clock alone: by a person, or by so much more than the monotonic clock says after a sleep. */
  set(byMs: number): void
  waiting(): number
}

/** Clocks that stand still until they are moved. Tasks run in the order in which they fall due. */
export function manualClock(start = Date.UTC(2026, 0, 5, 9)): ManualClock {
  let now = start
  let set = 0
  let tasks: { at: number; task: () => void }[] = []
  return {
    now: () => now + set,
    ticks: () => now,
    after(ms, task) {
      const entry = { at: now + ms, task }
      tasks.push(entry)
      return () => {
        tasks = tasks.filter((one) => one !== entry)
      }
    },
    advance(ms) {
      const end = now + ms
      for (;;) {
        const [next] = tasks.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
        if (next === undefined) break
        tasks = tasks.filter((one) => one !== next)
        now = Math.max(now, next.at)
        next.task()
      }
      now = end
    },
    set(byMs) {
      set += byMs
    },
    waiting: () => tasks.length,
  }
}
