import { JournalUnavailable } from './journal.ts'

/**
 * The journal's failure for a database's. A mistake of our own (a TypeError from a caller's `decide`) stays what it is.
 * The cause is not attached: drivers' errors may hold the address with its password.
 */
export function unavailable(failure: unknown, explain: (failure: DatabaseFailure) => string): unknown {
  if (failure instanceof JournalUnavailable || !(failure instanceof Error) || ourMistake(failure)) return failure
  const { code } = failure as { code?: unknown }
  return new JournalUnavailable(
    explain({ code: typeof code === 'string' ? code : '', message: failure.message || failure.name }),
  )
}

export interface DatabaseFailure {
  /** SQLITE_FULL, ECONNREFUSED, 57P01; empty where the driver gives none. */
  code: string
  message: string
}

function ourMistake(failure: Error): boolean {
  return failure instanceof TypeError || failure instanceof RangeError || failure instanceof ReferenceError
}
