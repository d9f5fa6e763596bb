import type { Account } from '../domain/account.ts'
import type { Call, Unreadable } from './asking.ts'
import type {
  AddressParam,
  AlertParam,
  BeyondReads,
  Done,
  FailoverParam,
  ForwardParam,
  LocationParam,
  NameParam,
  NumberParam,
  UnforwardParam,
} from './beyond.ts'
import type { CarrierError } from './errors.ts'
import type { PortAnswer, Portability } from './porting.ts'

/**
 * What a wholesale carrier can do with telephone numbers, in domain types: its ten methods and those beyond them, named as
 * the API names them.
 * Who is handed only one half of them cannot reach the other: a tool that reads, a listing, settling and the MCP face get
 * {@link CarrierReads}, and {@link CarrierWrites} goes through the one door for writes (operations/send.ts) alone.
 *
 * Every method rejects with a {@link CarrierError} and with nothing else. `tn` is always ten digits (NPA-NXX-XXXX).
 * A read whose envelope says anything but success (100) or "none found" (101) rejects, kind `rejected`, `auth` or
 * `unavailable`; a write resolves with whatever was answered, because each number in it has its own outcome.
 *
 * The carrier's words are untrusted text wherever they stand, and absent where they are nothing but `Success`.
 */
export interface Carrier extends CarrierReads, CarrierWrites {
  /** Ends idle connections. Calls after it reject. */
  close(): Promise<void>
}

/** The methods that change nothing. Each may be repeated. */
export interface CarrierReads extends BeyondReads {
  readonly account: Account

  /** Every number of this account, in the carrier's order, each handed to `row` as it arrives. None: `row` is not called. */
  auditDIDs(row: (did: Did) => void, call: Call): Promise<Listed>

  /** One number, of this account or not. */
  queryDID(tn: string, call: Call): Promise<Queried>

  /** Numbers that could be had now. At least one criterion (the carrier answers 302490 without). Broad searches take minutes. */
  getDIDs(criteria: Criteria, row: (locator: Locator) => void, call: Call): Promise<Listed>

  /** How many numbers could be had: a row per rate center, tier and capability set. */
  getDIDCount(
    criteria: Criteria & { orderby?: OrderBy | undefined },
    row: (count: Count) => void,
    call: Call,
  ): Promise<Listed>

  /** Whether a number of another company could be ported in. */
  isPortable(tn: string, call: Call): Promise<Portability>

  /** The state of a port-in order. */
  getPortDetails(portId: number, call: Call): Promise<PortAnswer>
}

/** The methods that change something. None of them is sent twice. */
export interface CarrierWrites extends BeyondWrites {
  /** Takes numbers off the shelf for at most 30 minutes. */
  reserveDID(params: readonly DidParam[], call: WriteCall): Promise<WriteAnswer>

  /** Puts numbers on an endpoint group. Billing starts. `epg` is required of every number. */
  assignDID(params: readonly DidParam[], call: WriteCall): Promise<WriteAnswer>

  /** Replaces endpoint group, CNAM dip and reference of assigned numbers. It may re-route live calls. */
  configDID(params: readonly DidParam[], call: WriteCall): Promise<WriteAnswer>

  /** Gives numbers back. Cannot be undone. Only `tn` says anything. */
  releaseDID(params: readonly DidParam[], call: WriteCall): Promise<WriteAnswer>
}

/**
 * The methods beyond the ten that change something. None of them is sent twice, and each takes one number: an answer about
 * another is none.
 */
export interface BeyondWrites {
  /** Adds an address for 911 to a number and provisions it. */
  insert911(params: readonly AddressParam[], call: WriteCall<AddressParam>): Promise<WriteAnswer<Done>>

  /** Replaces the address. One that is not valid leaves the number with no provisioned location. */
  update911(params: readonly AddressParam[], call: WriteCall<AddressParam>): Promise<WriteAnswer<Done>>

  /** Removes 911 from a number: calls to 911 carry no address from then on. */
  remove911(params: readonly NumberParam[], call: WriteCall<NumberParam>): Promise<WriteAnswer<Done>>

  /** Adds a location without provisioning it. Its caller name becomes that of the number's other locations. */
  addLocation(params: readonly AddressParam[], call: WriteCall<AddressParam>): Promise<WriteAnswer<Done>>

  /** Provisions a location that is geocoded. */
  provisionLocation(params: readonly LocationParam[], call: WriteCall<LocationParam>): Promise<WriteAnswer<Done>>

  /** Removes a location that is geocoded or provisioned. */
  removeLocation(params: readonly LocationParam[], call: WriteCall<LocationParam>): Promise<WriteAnswer<Done>>

  /** Adds somebody who is mailed when 911 is dialled from a number. */
  Add911Alert(params: readonly AlertParam[], call: WriteCall<AlertParam>): Promise<WriteAnswer<Done>>

  /** Ends that. */
  Remove911Alert(params: readonly AlertParam[], call: WriteCall<AlertParam>): Promise<WriteAnswer<Done>>

  /** Stores the name that others see: at most 15 characters, where storage is possible. */
  UpdateCNAMDisplay(params: readonly NameParam[], call: WriteCall<NameParam>): Promise<WriteAnswer<Done>>

  /** Removes the stored name. */
  RemoveCNAM(params: readonly NumberParam[], call: WriteCall<NumberParam>): Promise<WriteAnswer<Done>>

  /** Sets where calls go when the endpoint is away. */
  UpdateDIDFailover(params: readonly FailoverParam[], call: WriteCall<FailoverParam>): Promise<WriteAnswer<Done>>

  /** Forwards calls instead of delivering them. */
  SetDIDForward(params: readonly ForwardParam[], call: WriteCall<ForwardParam>): Promise<WriteAnswer<Done>>

  /** Ends the forwarding. `epgId` is the endpoint group that the number goes back to. */
  RemoveDIDForward(params: readonly UnforwardParam[], call: WriteCall<UnforwardParam>): Promise<WriteAnswer<Done>>
}

export interface WriteCall<Param = DidParam> extends Call {
  /**
   * Called once, when the write has its place among the calls in flight and a connection, and waited for: what it resolves
   * with is sent instead of the numbers that the call began with, of which it may leave out some. What it throws ends the
   * call, is rethrown as it is, and nothing was sent.
   */
  prepare?: ((turn: Turn) => Promise<readonly Param[]>) | undefined
  /** Called once, in the moment before the first byte of the request may leave. What it throws stops the request. */
  sending?: (() => void) | undefined
}

/** What can be read under the turn of a write, ahead of every other read. It goes on with one call at a time at worst. */
export type Turn = Pick<
  CarrierReads,
  'queryDID' | 'auditDIDs' | 'query911' | 'getLocations' | 'validate911' | 'Query911Alert' | 'GetCNAMDisplay'
>

/** Criteria of a search (docs/carrier.md, section 2). An absent one is not searched on. */
export interface Criteria {
  /** Two letters; `TF` is toll-free. */
  state?: string | undefined
  /** Digits. */
  lata?: string | undefined
  rateCenter?: string | undefined
  /** Three digits. */
  npa?: string | undefined
  /** Three digits. */
  nxx?: string | undefined
  /** Small integers as strings; 777 occurs. */
  tier?: string | undefined
  t38?: boolean | undefined
  cnam?: boolean | undefined
  sms?: boolean | undefined
  network?: string | undefined
}

export type OrderBy = 'rc' | 'lata' | 'state' | 'tier'

/** What is asked of one number. `undefined` is left out of the request, an empty `refId` is sent and clears it. */
export interface DidParam {
  tn: string
  /** Endpoint group id, at least 1. */
  epg?: number | undefined
  /** Inbound CNAM dip. */
  cnam?: boolean | undefined
  /** The customer's own reference. */
  refId?: string | undefined
}

/** What a listing says besides its rows. */
export interface Listed {
  /** The carrier's words about the whole, e.g. `too many results, please narrow`. */
  message?: string
  /** Rows that were not handed out, because they could not be read. Absent where there was none. */
  unreadable?: Unreadable
}

/**
 * One number as the carrier describes it (docs/carrier.md, section 3). Sentinels (`1900-01-01T00:00:00`, `-99999`,
 * endpoint 0) and empty elements are absent; older services omit many fields altogether.
 */
export interface Did {
  tn: string
  /** The state of this row: 100, or a code of outcomes.ts. */
  statusCode: number
  /** `assigned`, `available`, `reserved`; `Unavailable` stands for nothing known. */
  availability?: string
  /** DNIS the call is delivered with. */
  rewrite?: string
  /** The carrier's words, untrusted text. */
  status?: string
  tier?: string
  /** Untrusted text. */
  refId?: string
  failover?: string
  forward?: string
  /** Untrusted text. */
  cnamName?: string
  state?: string
  rateCenter?: string
  didGroupId?: string
  network?: string
  /** Endpoint group the number routes to, at least 1. */
  endpointId?: number
  /** Zone-less date and time as the carrier wrote it, e.g. `2013-11-25T17:32:48.707`. */
  expireDate?: string
  has411?: boolean
  /** An E911 address is on file. */
  has911?: boolean
  /** Inbound CNAM dip is on. */
  cnam?: boolean
  cnamStorageActive?: boolean
  cnamStorageAvailability?: boolean
  t38?: boolean
}

/** The answer to one query. `did` is absent for the dummy that stands for "none" (102420). */
export interface Queried {
  tn: string
  code: number
  did?: Did
  /** The carrier's words about the answer. */
  message?: string
}

export interface Locator {
  tn: string
  rateCenter?: string
  state?: string
  tier?: string
  lataId?: number
  outboundCNAM?: boolean
  t38?: boolean
  sms?: boolean
  /** The underlying carrier. */
  network?: string
}

export interface Count {
  didCount: number
  rateCenter?: string
  state?: string
  tier?: string
  lataId?: number
  cnam?: boolean
  t38?: boolean
  sms?: boolean
}

/** A write's answer as it was read: the envelope's code and its rows, not yet judged (outcomes.ts judges). */
export interface WriteAnswer<Row = Did> {
  code: number
  /** The carrier's words about the whole. Those about a number are its `status`. */
  message?: string
  /** Numbers with exactly one row that could be read have it here; a number that an odd row names, too, has none. */
  dids: Row[]
  unreadable?: Unreadable
}
