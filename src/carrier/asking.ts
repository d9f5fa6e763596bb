/** What goes with every call to the carrier. */
export interface Call {
  /** Ends the call with kind `cancelled`. */
  signal?: AbortSignal | undefined
}

/** Rows of an answer that are not what such a row is: one odd row never hides the others. */
export interface Unreadable {
  /** The number of such rows, at least 1. */
  count: number
  /** The first ten, as XML without what could act (untrusted.ts), each cut to 200 characters. */
  rows: string[]
}
