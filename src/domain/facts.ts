/** The relations of a number to this account: assigned to it, reserved by it, for sale, another company's, or not known. */
export const numberStatuses = ['yours', 'reserved', 'available', 'taken', 'unknown'] as const

export type NumberStatus = (typeof numberStatuses)[number]

/** The facts of one number that matter to a write, all of them from the carrier. */
export type Facts = {
  status: NumberStatus
  /** The endpoint group's id. */
  epg?: number | undefined
  tier?: string | undefined
  has911?: boolean | undefined
  cnam?: boolean | undefined
  refId?: string | undefined
  /** The DNIS that calls are delivered with, where it is another than the number itself. */
  rewrite?: string | undefined
  failover?: string | undefined
  forward?: string | undefined
  cnamName?: string | undefined
  state?: string | undefined
  rateCenter?: string | undefined
  didGroupId?: string | undefined
}

/** The settings that a write of a DID asks for one number, beside naming it; an absent one is not an empty one. */
export type Settings = {
  epg?: number | undefined
  cnam?: boolean | undefined
  refId?: string | undefined
}

/** The request for one number: the number, and the settings asked for it. */
export type Asked = Settings & { tn: string }
