/**
 * - `auth`: the envelope answered 901 or 902: login, secret or caller's IP. Nothing was done.
 * - `rejected`: the carrier answered and refused, or answered with a SOAP fault.
 * - `unavailable`: no connection, a reset, HTTP 5xx.
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

  constructor(kind: CarrierErrorKind, message: string, facts: CarrierErrorFacts) {
    super(message)
    this.kind = kind
    this.maybeSent = facts.maybeSent
    this.code = facts.code
    this.words = facts.words
    this.givenUpAt = facts.givenUpAt
  }
}

export interface CarrierErrorFacts {
  maybeSent: boolean
  code?: number | undefined
  words?: string | undefined
  givenUpAt?: number | undefined
}
