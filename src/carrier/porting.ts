import type { Unreadable } from './asking.ts'

/** Whether a number could be ported in. */
export interface Portability {
  tn: string
  portable: boolean
  code: number
  /** The carrier's words, untrusted text. */
  message?: string
}

/** The answer about one port-in order. */
export interface PortAnswer {
  /** The order; absent where the carrier knows none of this id. */
  port?: Port
  /** The carrier's words about the answer. */
  message?: string
  /** Numbers and fields of the order that could not be read. */
  unreadable?: Unreadable
}

/** A port-in order. Dates are zone-less, as the carrier wrote them. */
export interface Port {
  id: number
  status?: string
  endUser?: string
  billingTN?: string
  /** The losing carrier. */
  portingFrom?: string
  salesRep?: string
  submittedDate?: string
  /** Firm order commitment. */
  focDate?: string
  requestedFocDate?: string
  defaultEndpointGroup?: number
  dids: PortDid[]
}

export interface PortDid {
  tn: string
  tier?: string
  rateCenter?: string
  state?: string
  lata?: string
  endpointGroup?: number
  cnam?: boolean
  e911?: boolean
}
