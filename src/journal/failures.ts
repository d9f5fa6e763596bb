import { JournalUnavailable } from './journal.ts'

export interface DatabaseFailure {
  /** The failure's name, as {@link codeOf} reads it. */
  code: string
  message: string
}

/** A gate in front of an open database, which turns its failures into the journal's. */
export interface Guard {
  /**
   * Runs work, and turns what fails in it into the journal's failure. Rejects, without a try, once the database was closed.
   */
  run<T>(work: () => Promise<T>): Promise<T>
  /** Lets nothing through any more. Returns false where it was closed before. */
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
        // Work that was under way when the database was closed was rolled back, whatever the driver says of it.
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
 * Turns a database's failure into the journal's. A mistake of our own (a TypeError from a caller's `decide`) stays what it
 * is. The cause is not attached: drivers' errors may hold the address with its password.
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
