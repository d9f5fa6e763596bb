import { setMaxListeners } from 'node:events'

export interface Deadline {
  /** Aborts when the time is over or the caller's own signal does. */
  readonly signal: AbortSignal
  /** Why it aborted. */
  readonly ended: () => 'timeout' | 'cancelled' | undefined
  /** The call is over: the timer and the caller's signal are let go. */
  stop(): void
}

/** One deadline over a whole call, joined with the caller's signal. */
export function startDeadline(ms: number, caller: AbortSignal | undefined): Deadline {
  const controller = new AbortController()
  let ended: 'timeout' | 'cancelled' | undefined
  const end = (why: 'timeout' | 'cancelled') => {
    ended ??= why
    controller.abort()
  }
  const cancel = () => end('cancelled')
  const timer = setTimeout(() => end('timeout'), ms)
  // One signal may stand behind a hundred calls: Node takes more than ten listeners for a leak and says so on stderr.
  if (caller) setMaxListeners(0, caller)
  caller?.addEventListener('abort', cancel, { once: true })
  if (caller?.aborted) cancel()
  return {
    signal: controller.signal,
    ended: () => ended,
    stop() {
      clearTimeout(timer)
      caller?.removeEventListener('abort', cancel)
    },
  }
}
