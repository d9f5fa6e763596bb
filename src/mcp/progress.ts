import type { RequestContext } from './context.ts'

/** Tells a caller who gave a token how far the call is. */
export interface Progress {
  /** `total` is absent where nobody knows it. */
  report(done: number, total: number | undefined, message: string): void
  /** The call still waits: only so that the client does not give up. */
  beat(message: string): void
  /** The answer goes out: nothing may follow it. */
  end(): void
}

/** The protocol wants each value above the one before; a beat moves it by less than any row does. */
const beatStep = 0.001

export function progressFor(context: RequestContext): Progress {
  let last = -1
  let ended = false
  function send(progress: number, total: number | undefined, message: string): void {
    if (ended) return
    last = progress > last ? progress : last + beatStep
    context.progress?.({ progress: last, message, ...(total !== undefined && { total }) })
  }
  return {
    report: send,
    beat: (message) => send(Math.max(last, 0), undefined, message),
    end: () => {
      ended = true
    },
  }
}
