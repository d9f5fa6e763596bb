import type { Call } from './asking.ts'

/**
 * What the carrier can do beside the ten methods: E911 addresses, the caller name that others see, where calls go beside the
 * endpoint group, the balance (docs/carrier.md, section 7). The methods are named as the API names them.
 */

/** The methods beyond the ten that change nothing. Each may be repeated. */
export interface BeyondReads {
  /** Whether an address is good for 911. It provisions nothing. */
  validate911(address: Address, call: Call): Promise<Validated>

  /** The provisioned location of a number of the account's own, as far as there is one. */
  query911(tn: string, call: Call): Promise<Located<Did911>>

  /** The 911 records of all numbers, each handed to `row` as it arrives; also of numbers that the carrier does not carry. */
  audit911(row: (record: Did911) => void, call: Call): Promise<{ message?: string }>

  /** Every location of a number: the provisioned one, and those that could be. */
  getLocations(tn: string, call: Call): Promise<Located<Location>>

  /** What was provisioned for a number before, from the 911 provider. */
  getProvisioningHistory(tn: string, call: Call): Promise<Located<Did911>>

  /** Who is mailed when 911 is dialled from a number. */
  Query911Alert(tn: string, call: Call): Promise<{ tn: string; code: number; emails: string[]; message?: string }>

  /** The name that others see when a number calls them; absent where none is stored. */
  GetCNAMDisplay(tn: string, call: Call): Promise<{ tn: string; code: number; name?: string; message?: string }>

  /** Reads where calls go when the endpoint is away; absent where they go nowhere. */
  GetDIDFailover(tn: string, call: Call): Promise<Routed<'failover'>>

  /** Reads where calls are forwarded to instead of being delivered; absent where they are delivered. */
  GetDIDForward(tn: string, call: Call): Promise<Routed<'forward'>>

  /** What is left of the prepaid money, in the account's currency, which the carrier does not name. */
  GetPrepaidBalance(call: Call): Promise<{ amount: number; message?: string }>
}

/** A postal address for 911, as it is asked for. Texts; an absent one is not sent. */
export interface Address {
  address1: string
  address2?: string | undefined
  city: string
  /** Two letters. */
  state: string
  /** Five digits. */
  zip: string
  /** The four digits behind the zip. */
  plusFour?: string | undefined
  /** The name that the 911 operator sees. */
  callerName?: string | undefined
}

export interface NumberParam {
  tn: string
}

export interface AddressParam extends NumberParam {
  address: Address
}

export interface LocationParam extends NumberParam {
  locationId: string
}

export interface AlertParam extends NumberParam {
  email: string
}

export interface NameParam extends NumberParam {
  name: string
}

export interface FailoverParam extends NumberParam {
  failover: string
}

export interface ForwardParam extends NumberParam {
  forward: string
}

export interface UnforwardParam extends NumberParam {
  epgId: number
}

/** The 911 record of a number. Every text is the carrier's, untrusted. Times are as the carrier wrote them. */
export interface Did911 {
  tn?: string
  locationId?: string
  callerName?: string
  address1?: string
  address2?: string
  city?: string
  state?: string
  /** `84770-3059`: this record's own form. */
  zipCode?: string
  latitude?: string
  longitude?: string
  /** `PROVISIONED`, `GEOCODED` or `INVALID`. */
  statusCode?: string
  statusDescription?: string
  /** Zone-less. */
  activatedTime?: string
  dateAdded?: string
}

/** A location of a number, provisioned or not. */
export interface Location {
  locationId?: string
  address1?: string
  address2?: string
  city?: string
  state?: string
  zipCode?: string
  plusFour?: string
  callerName?: string
  latitude?: string
  longitude?: string
  statusCode?: string
  statusDescription?: string
  orderId?: string
  /** A time with its zone. */
  activatedTime?: string
  updateTime?: string
}

export interface Status911 {
  code?: string
  description?: string
}

/** Whether an address is good for 911, with what the carrier says of it. */
interface Validated {
  code: number
  valid: boolean
  message?: string
  statuses: Status911[]
  locations: Location[]
}

/** The records about one number. */
export interface Located<Record> {
  tn: string
  code: number
  message?: string
  records: Record[]
}

type Routed<Field extends string> = { tn: string; code: number; message?: string } & { [field in Field]?: string }

/**
 * What the answer to a write beyond the ten says of its one number: the envelope's code, and the fields that some answers
 * hold. Only a query afterwards tells whether it took.
 */
export interface Done {
  tn: string
  statusCode: number
  status?: string
  failover?: string
  forward?: string
  endpointId?: number
  /** The location that was added. */
  location?: Location
}
