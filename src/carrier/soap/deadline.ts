import { setMaxListeners } from 'node:events'

export interface Deadline {
  /** Why the call is over before it was answered; undefined while it is not. */
  ended(): 'timeout' | 'cancelled' | undefined
  /** Milliseconds until the time is over; below 0 where it is. */
  leftMs(): number
  /** Runs `end` once, when the time is over or the caller's own signal aborts; at once where that was before. */
  onEnd(end: () => void): void
  /** The same for libraries. Made on first need: an AbortSignal costs more than everything else in here. */
  signal(): AbortSignal
  /** Time stands still until {@link restart}. */
  hold(): void
  /** Begins the time anew, with so many milliseconds. */
  restart(ms: number): void
  /** The call is over: the timer and the caller's signal are let go. */
  stop(): void
}

/** One deadline over a whole call, joined with the caller's signal. */
export function startDeadline(ms: number, caller: AbortSignal | undefined): Deadline {
  let listeners: (() => void)[] = []
  let controller: AbortController | undefined
  let ended: 'timeout' | 'cancelled' | undefined
  const end = (why: 'timeout' | 'cancelled') => {
    if (ended) return
    ended = why
    const heard = listeners
    listeners = []
    for (const listener of heard) listener()
  }
  const onEnd = (listener: () => void) => {
    if (ended) listener()
    else listeners.push(listener)
  }
  const cancel = () => end('cancelled')
  let until = performance.now() + ms
  let timer = setTimeout(() => end('timeout'), ms)
  // One signal may stand behind a hundred calls: Node takes more than ten listeners for a leak and says so on stderr.
  if (caller) setMaxListeners(0, caller)
  caller?.addEventListener('abort', cancel, { once: true })
  if (caller?.aborted) cancel()
  return {
    ended: () => ended,
    leftMs: () => until - performance.now(),
    onEnd,
    signal() {
      if (controller) return controller.signal
      const made = new AbortController()
      controller = made
      onEnd(() => made.abort())
      return made.signal
    },
    hold: () => clearTimeout(timer),
    restart(anew) {
      clearTimeout(timer)
      until = performance.now() + anew
      if (!ended) timer = setTimeout(() => end('timeout'), anew)
    },
    stop() {
      clearTimeout(timer)
      caller?.removeEventListener('abort', cancel)
      listeners = []
    },
  }
}
