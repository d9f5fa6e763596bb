/**
 * The two clocks of a machine, and its timer. Neither clock is enough: the monotonic one stands still while the machine
 * sleeps, the wall clock can be set. What must be young is judged by {@link ageOf}.
 */
export interface Clock {
  /** The wall clock: milliseconds since 1970. It can be set, and put back. */
  now(): number
  /** The monotonic clock: milliseconds since some moment of this process. It is never set, and may stand still. */
  ticks(): number
  /** Runs `task` once after `ms`, without keeping the process alive. Returns what takes it back. */
  after(ms: number, task: () => void): () => void
}

/** A point in time, by both clocks of this process. It means nothing to another one. */
export interface Moment {
  /** Milliseconds since 1970. */
  at: number
  ticks: number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  ticks: () => performance.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms).unref()
    return () => clearTimeout(timer)
  },
}

/** Takes the present moment by both clocks. */
export const moment = (clock: Pick<Clock, 'now' | 'ticks'>): Moment => ({ at: clock.now(), ticks: clock.ticks() })

/** The age of a moment by the clock that says more, milliseconds and never negative: for judging what must be young. */
export function ageOf(clock: Pick<Clock, 'now' | 'ticks'>, { at, ticks }: Moment): number {
  return Math.max(clock.now() - at, clock.ticks() - ticks, 0)
}
