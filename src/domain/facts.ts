/** What a number can be to this account: assigned to it, reserved by it, for sale, another company's, or not known. */
export const numberStatuses = ['yours', 'reserved', 'available', 'taken', 'unknown'] as const

export type NumberStatus = (typeof numberStatuses)[number]

/** What one number is, as far as it matters to a write. All from the carrier. */
export type Facts = {
  status: NumberStatus
  /** Endpoint group. */
  epg?: number | undefined
  tier?: string | undefined
  has911?: boolean | undefined
  cnam?: boolean | undefined
  refId?: string | undefined
  /** DNIS that calls are delivered with, where it is another than the number itself. */
  rewrite?: string | undefined
  failover?: string | undefined
  forward?: string | undefined
  cnamName?: string | undefined
  state?: string | undefined
  rateCenter?: string | undefined
  didGroupId?: string | undefined
}

/** What a write of a DID asks of a number beside naming it; absent is not empty. */
export type Settings = {
  epg?: number | undefined
  cnam?: boolean | undefined
  refId?: string | undefined
}

/** What is asked of one number. */
export type Asked = Settings & { tn: string }
