/**
 * - `auth`: login, secret or the caller's IP address: the envelope answered 901 or 902, and then nothing was done; or
 *   HTTP 401 or 403.
 * - `rejected`: the carrier answered and refused, or answered with a fault that lays it on the request.
 * - `unavailable`: the carrier's own trouble, which passes: no connection, a reset, HTTP 408, 429 or 5xx, any other
 *   fault, envelope 900.
 * - `timeout`: the deadline over the whole call ran out.
 * - `protocol`: something was answered that is not an answer: cut, not XML, an HTML page, too large, of another operation.
 * - `argument`: the arguments cannot be sent as they are. Nothing left.
 * - `cancelled`: the caller's signal.
 */
export type CarrierErrorKind = 'auth' | 'rejected' | 'unavailable' | 'timeout' | 'protocol' | 'argument' | 'cancelled'

/** The one error that leaves the carrier room. It carries no cause: what a library threw may hold the secret. */
export class CarrierError extends Error {
  override readonly name = 'CarrierError'
  readonly kind: CarrierErrorKind
  /** False only where it is certain that no byte of the request reached the carrier. */
  readonly maybeSent: boolean
  /** The carrier's code or the HTTP status, where there was one. */
  readonly code: number | undefined
  /** The carrier's own words, untrusted text: a `responseMessage`, or a fault's reason. The message quotes them. */
  readonly words: string | undefined
  /**
   * Milliseconds since 1970: from then on nothing of the request could reach the carrier any more. A fence counts from
   * here. Undefined where nothing was sent.
   */
  readonly givenUpAt: number | undefined
  /** How long the carrier's server asks to be left alone (`Retry-After`). Milliseconds. */
  readonly retryAfterMs: number | undefined

  constructor(kind: CarrierErrorKind, message: string, facts: CarrierErrorFacts) {
    super(message)
    this.kind = kind
    this.maybeSent = facts.maybeSent
    this.code = facts.code
    this.words = facts.words
    this.givenUpAt = facts.givenUpAt
    this.retryAfterMs = facts.retryAfterMs
  }
}

export interface CarrierErrorFacts {
  maybeSent: boolean
  code?: number | undefined
  words?: string | undefined
  givenUpAt?: number | undefined
  retryAfterMs?: number | undefined
}
