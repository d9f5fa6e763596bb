/** What is to happen after a while, and can be made to happen at once. */
export interface Schedule {
  /** @param ms 0 runs at once. */
  after(ms: number, run: () => void): void
  /** Runs everything outstanding now, in the order in which it was asked for. */
  runNow(): void
  /** Resolves when nothing is outstanding. */
  idle(): Promise<void>
  /** Forgets everything outstanding. */
  clear(): void
}

/** Makes a schedule by the system's timers. What is outstanding keeps the process alive. */
export function createSchedule(): Schedule {
  const outstanding = new Map<() => void, NodeJS.Timeout>()
  let waiting: (() => void)[] = []

  const settle = () => {
    if (outstanding.size > 0) return
    const resolved = waiting
    waiting = []
    for (const resolve of resolved) resolve()
  }

  return {
    after(ms, run) {
      if (ms <= 0) return run()
      const once = () => {
        clearTimeout(outstanding.get(once))
        outstanding.delete(once)
        run()
        settle()
      }
      outstanding.set(once, setTimeout(once, ms))
    },
    runNow() {
      for (const once of [...outstanding.keys()]) once()
    },
    idle() {
      return new Promise((resolve) => {
        waiting.push(resolve)
        settle()
      })
    },
    clear() {
      for (const timer of outstanding.values()) clearTimeout(timer)
      outstanding.clear()
      settle()
    },
  }
}
