import type { Account } from '../../domain/account.ts'

export interface SoapCarrierOptions {
  account: Account
  secret: string
  /**
   * Deadline of a whole read, from the moment it is asked: loading, queue, retries and reading included. Milliseconds;
   * `listing` is for auditDIDs, getDIDs and getDIDCount. A write has half of it for the wait for its turn and its
   * connection, and all of it for the answer, from its first byte.
   */
  timeoutMs: { call: number; listing: number }
  /** Requests in flight at once, at least 1. Writes go ahead of reads that wait, and what is read under a write's turn ahead of both. */
  concurrency: number
  /** The wait before the first retry of a read, milliseconds; doubled for each further one, and randomly lengthened up to twice. 250. */
  retryDelayMs?: number | undefined
  /** Milliseconds since 1970, for when a request was given up. `Date.now`. */
  now?: (() => number) | undefined
  /** PEM certificates to trust instead of the system's. */
  ca?: string | undefined
  /** The HTTP proxy that every connection goes through. None but this one is used. */
  proxy?: URL | undefined
  /** Largest answer. 64 MiB, and 512 MiB for listings, which are never held. */
  maxBytes?: { call: number; listing: number } | undefined
}
