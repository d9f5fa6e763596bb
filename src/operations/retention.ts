import type { ReadingDoor, Retention } from './door.ts'

/** Operations that are let go of at once: one short transaction, which other processes wait for (50 of 200 numbers: 70 ms). */
const forgottenAtOnce = 50

/** The rest between two of them, and before the first: whoever waits for an answer has it by then. Milliseconds. */
const restMs = 1_000

/** How often that is looked for, whatever came of it. Milliseconds. */
const everyMs = 3_600_000

/** @param doorOf the door that it is a part of */
export function createRetention(doorOf: () => ReadingDoor): Retention {
  /** The time at which old operations are looked for next, milliseconds since 1970. */
  let next = 0

  const forget = async (now: number): Promise<void> => {
    const { clock, ending, journal, keepMs, log } = doorOf()
    if (ending.aborted) return
    try {
      const forgotten = await (await journal()).forgetOld(now, keepMs, forgottenAtOnce)
      if (forgotten === forgottenAtOnce) clock.after(restMs, () => void forget(now))
    } catch (error) {
      log.warn('old operations could not be removed; it is tried again in an hour', { error: String(error) })
    }
  }

  return {
    soon() {
      const { clock } = doorOf()
      const now = clock.now()
      if (now < next) return
      next = now + everyMs
      clock.after(restMs, () => void forget(now))
    },
  }
}
