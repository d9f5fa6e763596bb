import type { Door } from './door.ts'

/** Operations that are let go of at once: one short transaction, which other processes wait for. */
const forgottenAtOnce = 500

/** How often that is done, milliseconds; more often while there is more. */
const everyMs = 3_600_000

/** Lets go of operations that were kept long enough, where the door says how long that is. Never throws. */
export async function forgetOld(door: Door): Promise<void> {
  const now = door.clock.now()
  if (door.keepMs === undefined || now < door.forgetsAt) return
  try {
    const journal = await door.journal()
    const forgotten = await journal.forget(now - door.keepMs, forgottenAtOnce)
    door.forgetsAt = forgotten < forgottenAtOnce ? now + everyMs : now
  } catch (error) {
    door.log.warn('old operations could not be removed; the next write tries again', { error: String(error) })
  }
}
