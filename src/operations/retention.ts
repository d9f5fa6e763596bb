import type { ReadingDoor } from './door.ts'

/** Operations that are let go of at once: one short transaction, which other processes wait for (50 of 200 numbers: 70 ms). */
const forgottenAtOnce = 50

/** Between two of them, and before the first: whoever waits for an answer has it by then. Milliseconds. */
const restMs = 1_000

/** How often that is looked for, whatever came of it. Milliseconds. */
const everyMs = 3_600_000

/**
 * Lets go of what is long over, and of operations that were kept long enough where the door says how long that is: soon, in
 * nobody's way, and at most once an hour.
 */
export function forgetOld(door: ReadingDoor): void {
  const now = door.clock.now()
  if (now < door.forgetsAt) return
  door.forgetsAt = now + everyMs
  door.clock.after(restMs, () => void forgetSome(door, now))
}

async function forgetSome(door: ReadingDoor, now: number): Promise<void> {
  if (door.ending) return
  try {
    const journal = await door.journal()
    const forgotten = await journal.forget(now, door.keepMs, forgottenAtOnce)
    if (forgotten === forgottenAtOnce) door.clock.after(restMs, () => void forgetSome(door, now))
  } catch (error) {
    door.log.warn('old operations could not be removed; it is tried again in an hour', { error: String(error) })
  }
}
