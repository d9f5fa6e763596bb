import { JournalUnavailable } from './journal.ts'

export interface DatabaseFailure {
  /** As {@link codeOf} says. */
  code: string
  message: string
}

/** Stands before an open database. */
export interface Guard {
  /** What fails in it is the journal's failure. Rejects, without a try, once the database was closed. */
  run<T>(work: () => Promise<T>): Promise<T>
  /** Nothing is let through any more. False: it was closed before. */
  close(): boolean
}

export function guardedBy(explain: (failure: DatabaseFailure) => string): Guard {
  let closed = false
  const whenClosed = () => new JournalUnavailable('The journal was closed. Nothing was changed.')
  return {
    run: async (work) => {
      if (closed) throw whenClosed()
      try {
        return await work()
      } catch (failure) {
        // What was under way when it was closed was rolled back, whatever the driver says of it.
        throw closed ? whenClosed() : unavailable(failure, explain)
      }
    },
    close: () => {
      const first = !closed
      closed = true
      return first
    },
  }
}

/**
 * The journal's failure for a database's. A mistake of our own (a TypeError from a caller's `decide`) stays what it is.
 * The cause is not attached: drivers' errors may hold the address with its password.
 */
export function unavailable(failure: unknown, explain: (failure: DatabaseFailure) => string): unknown {
  if (failure instanceof JournalUnavailable || !(failure instanceof Error) || ourMistake(failure)) return failure
  return new JournalUnavailable(explain({ code: codeOf(failure), message: failure.message || failure.name }))
}

/** The database's or the system's own name for a failure: SQLITE_FULL, ECONNREFUSED, 57P01; empty where it has none. */
export function codeOf(failure: unknown): string {
  const code = failure instanceof Error ? (failure as { code?: unknown }).code : undefined
  return typeof code === 'string' ? code : ''
}

function ourMistake(failure: Error): boolean {
  return failure instanceof TypeError || failure instanceof RangeError || failure instanceof ReferenceError
}
