import { isTelephoneNumber } from '../../domain/telephone-number.ts'
import type { Did911, Location, Status911 } from '../beyond.ts'
import type { Count, Did, Locator } from '../carrier.ts'
import type { Port, PortDid } from '../porting.ts'

/**
 * The elements of a record that are read, and how. Keyed by the domain's names and typed by them: a table that misses a
 * field, or reads it as another type, does not compile. Wire names and types: docs/carrier.md, section 3.
 */
export type Fields<Type> = { readonly [field in keyof Type]-?: Field<Exclude<Type[field], undefined>> }

export interface Field<Value> {
  /** The text of an element as its value; `undefined` where it stands for none. */
  readonly read: (text: string) => Value | undefined | Odd
  /** The element's name where it is not the field's. */
  readonly wire?: string
  /** A record without it is none. */
  readonly required?: true
}

/** The text of an element is not of its type. A value and no error: an answer may hold a million of them. */
export class Odd {
  /** Completes "the answer's element … ". */
  readonly problem: string

  constructor(problem: string) {
    this.problem = problem
  }
}

/**
 * Others' own text, with every space that it has: it is compared and sent back as it is. White space with a line break in
 * it, and nothing else, is the layout of an empty element.
 */
export const exact: Field<string> = {
  read: (raw) => (raw.trim() === '' && /[\r\n]/.test(raw) ? undefined : ownText(raw)),
}

const text = { read: (raw: string): string | undefined => ownText(trimmed(raw)) }

/** Text of few different values: one string in memory for all rows. */
const word = {
  read: (raw: string): string | undefined => {
    const known = words.get(raw)
    if (known !== undefined) return known
    const value = text.read(raw)
    if (value !== undefined && value.length <= 64 && words.size < 20_000) words.set(value, value)
    return value
  },
}

/** An available number may be `Available` (section 4, point 10). */
const availability: Field<string> = {
  read: (raw) => {
    const value = word.read(raw)
    const lower = value?.toLowerCase()
    return lower === 'assigned' || lower === 'available' || lower === 'reserved' ? lower : value
  },
}

/** -99999 stands for no tier (section 4, point 3). */
const tier: Field<string> = {
  read: (raw) => {
    const value = word.read(raw)
    return value === '-99999' ? undefined : value
  },
}

/** Ten digits, or empty in a dummy record. Anything else is no number, and is not guessed at. */
const telephoneNumber: Field<string> = {
  read: (raw) => {
    const value = trimmed(raw)
    if (value === '') return undefined
    return isTelephoneNumber(value) ? value : noTelephoneNumber
  },
}

/** xs:int: 32 bits. Also where the schema says string and the field is a number (statusCode, didCount). */
export const integer: Field<number> = {
  read: (raw) => {
    const value = trimmed(raw)
    if (value === '') return undefined
    if (!/^[+-]?[0-9]{1,10}$/.test(value)) return noInteger
    const number = Number(value)
    return number > 2_147_483_647 || number < -2_147_483_648 ? noInteger : number
  },
}

/** An id that starts at 1: 0 stands for none (section 4, points 3 and 10). */
const id: Field<number> = {
  read: (raw) => {
    const value = integer.read(raw)
    return typeof value === 'number' && value <= 0 ? undefined : value
  },
}

/** The same where the wire says string. */
const wordId: Field<string> = {
  read: (raw) => {
    const value = word.read(raw)
    return value === '0' ? undefined : value
  },
}

export const boolean: Field<boolean> = {
  read: (raw) => {
    switch (trimmed(raw)) {
      case 'true':
      case '1':
        return true
      case 'false':
      case '0':
        return false
      case '':
        return undefined
      default:
        return noBoolean
    }
  },
}

/** Kept as written: it names no zone (section 4, point 4), and the sentinels stand for none. */
const date: Field<string> = {
  read: (raw) => {
    const value = trimmed(raw)
    if (value === '' || /^(?:1900|0001)-01-01T00:00:00(?:\.0{1,9})?$/.test(value)) return undefined
    const written =
      /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})?$/
    return written.test(value) ? ownText(value) : noDate
  },
}

/** xs:decimal. */
export const decimal: Field<number> = {
  read: (raw) => {
    const value = trimmed(raw)
    if (value === '') return undefined
    return /^[+-]?[0-9]{1,15}(?:\.[0-9]{1,12})?$/.test(value) ? Number(value) : noDecimal
  },
}

export const message = text

export const did: Fields<Did> = {
  tn: telephoneNumber,
  availability,
  rewrite: text,
  status: text,
  statusCode: { ...integer, required: true },
  tier,
  refId: exact,
  failover: text,
  forward: text,
  cnamName: exact,
  state: word,
  rateCenter: word,
  didGroupId: wordId,
  network: { ...word, wire: 'Network' },
  endpointId: id,
  expireDate: date,
  has411: boolean,
  has911: boolean,
  cnam: boolean,
  cnamStorageActive: boolean,
  cnamStorageAvailability: boolean,
  t38: boolean,
}

export const locator: Fields<Locator> = {
  tn: { ...telephoneNumber, required: true },
  rateCenter: word,
  state: word,
  tier,
  lataId: id,
  outboundCNAM: boolean,
  t38: boolean,
  sms: boolean,
  // Newer than the service's description (section 4, point 10).
  network: word,
}

export const count: Fields<Count> = {
  didCount: { ...integer, required: true },
  rateCenter: word,
  state: word,
  tier,
  lataId: id,
  cnam: boolean,
  t38: boolean,
  sms: boolean,
}

export const port: Fields<Omit<Port, 'dids'>> = {
  id: { ...integer, required: true },
  status: text,
  endUser: text,
  billingTN: text,
  portingFrom: text,
  salesRep: text,
  submittedDate: date,
  focDate: date,
  requestedFocDate: date,
  defaultEndpointGroup: id,
}

export const portDid: Fields<PortDid> = {
  tn: { ...telephoneNumber, required: true },
  tier,
  rateCenter: word,
  state: word,
  lata: word,
  endpointGroup: id,
  cnam: boolean,
  e911: boolean,
}

export const status911: Fields<Status911> = { code: { ...text, required: true }, description: text }

export const did911: Fields<Did911> = {
  tn: telephoneNumber,
  locationId: text,
  callerName: text,
  address1: text,
  address2: text,
  city: text,
  state: word,
  zipCode: text,
  latitude: text,
  longitude: text,
  statusCode: word,
  statusDescription: word,
  activatedTime: date,
  dateAdded: date,
}

export const location: Fields<Location> = {
  locationId: text,
  address1: text,
  address2: text,
  city: text,
  state: word,
  zipCode: text,
  plusFour: text,
  callerName: text,
  latitude: text,
  longitude: text,
  statusCode: word,
  statusDescription: word,
  orderId: text,
  activatedTime: date,
  updateTime: date,
}

const words = new Map<string, string>()

const noTelephoneNumber = new Odd('is not a telephone number of ten digits')
const noInteger = new Odd('is not an integer')
const noDecimal = new Odd('is not a decimal number')
const noBoolean = new Odd('is neither true nor false')
const noDate = new Odd('is not a date and time')

function ownText(value: string): string | undefined {
  // A slice of V8 keeps its whole chunk alive, and short strings are no slices: a held listing holds its own text only.
  return value.length < 13 ? value || undefined : ' '.concat(value).slice(1)
}

function trimmed(raw: string): string {
  // Nearly no element has space around its text; trim() is only called where it has work to do.
  const last = raw.charCodeAt(raw.length - 1)
  return raw.charCodeAt(0) <= 32 || last <= 32 ? raw.trim() : raw
}
