import { setTimeout as wait } from 'node:timers/promises'
import pRetry from 'p-retry'
import { CarrierError } from '../errors.ts'
import type { Deadline } from './deadline.ts'

/**
 * Attempts once, and up to three times more, ever later, while `again` says so of what went wrong.
 *
 * A server that asks to be left alone for a while is, where the deadline leaves so much time; else there is no retry.
 *
 * @param delayMs before the first retry; doubled for each further one, and randomly lengthened up to twice
 * @throws what the last attempt threw, or the deadline's AbortError where it came while waiting for the next
 */
export async function withRetries<Answer>(
  attempt: () => Promise<Answer>,
  { again, delayMs, deadline }: { again: (error: unknown) => boolean; delayMs: number; deadline: Deadline },
): Promise<Answer> {
  const first = attempt()
  try {
    return await first
  } catch (error) {
    if (!again(error)) throw error
    // The first attempt counts as the first: nearly every call needs no more, and no signal of its deadline.
    const signal = deadline.signal()
    return pRetry((number) => (number === 1 ? first : attempt()), {
      retries: 3,
      minTimeout: delayMs,
      randomize: true,
      signal,
      async shouldRetry({ error, retriesLeft }) {
        if (retriesLeft === 0 || !again(error)) return false
        const askedMs = error instanceof CarrierError ? (error.retryAfterMs ?? 0) : 0
        if (askedMs >= deadline.leftMs()) return false
        await wait(askedMs, undefined, { signal })
        return true
      },
    })
  }
}

/** A failure that may be over in a moment: no connection, or trouble of the carrier's own. */
export function isPassing(error: unknown): boolean {
  return error instanceof CarrierError && error.kind === 'unavailable'
}
