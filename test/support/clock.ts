import type { Clock } from '../../src/operations/door.ts'

/** A clock that stands still until it is moved. Tasks run in the order in which they fall due. */
export function manualClock(start = Date.UTC(2026, 0, 5, 9)): Clock & { advance(ms: number): void; waiting(): number } {
  let now = start
  let tasks: { at: number; task: () => void }[] = []
  return {
    now: () => now,
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
    waiting: () => tasks.length,
  }
}
