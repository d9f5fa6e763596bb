import type { TenName } from '../carrier/soap/wsdl.ts'
import { describe, endpointGroups } from './catalogue.ts'
import type { AskedDid, Inventory } from './inventory.ts'
import { noOrder, portOrder } from './ports.ts'
import { inSchema, noneOwnedRow, ourRow, queriedRow, type RowSchema, writtenRow } from './replies.ts'
import { countRows, locatorRows, matcher } from './search.ts'
import type { ElementRow } from './xml.ts'

/** What one request is answered with. */
export interface MethodAnswer {
  /** The content of the result element. */
  result: ElementRow
  /**
   * Rows that are still to be written, one by one, into the result's empty element of this name: `soap` would make a
   * large answer in one piece, and writes a text of the shape `<![CDATA[…]]>` unescaped.
   */
  listing?: { name: ListingName; rows: Iterable<ElementRow> }
  /** Whether any number's state changed. */
  changed: boolean
}

type ListingName = 'DIDs' | 'DIDLocators' | 'DIDCounts'

export interface House {
  inventory: Inventory
  schema: RowSchema
}

/** A request's elements as `soap` read them. Untrusted. */
export type MethodArguments = Readonly<Record<string, unknown>>

/** An answer without rows. */
export function envelope(operation: TenName, code: number, schema: RowSchema): MethodAnswer {
  if (operation === 'isPortable' || operation === 'getPortDetails') return port(code, noOrder, false)
  return { result: didResponse(code, schema), changed: false }
}

/** The ten operations. What a listing holds is as of the moment when its first row is read. */
export const answers: { readonly [operation in TenName]: (args: MethodArguments, house: House) => MethodAnswer } = {
  auditDIDs: (_args, { inventory, schema }) =>
    listing('DIDs', orElse(mapped(inventory.owned(), ourRow), noneOwnedRow), schema),

  queryDID(args, { inventory, schema }) {
    const tn = text(args, 'did')
    return isNumber(tn) ? written([queriedRow(inventory.truth(tn))], schema, false) : envelope('queryDID', 944, schema)
  },

  reserveDID: (args, house) => write('reserve', args, house),
  assignDID: (args, house) => write('assign', args, house),
  configDID: (args, house) => write('config', args, house),
  releaseDID: (args, house) => write('release', args, house),

  getDIDs(args, { inventory, schema }) {
    const matches = matcher((name) => text(args, name), schema)
    if (matches === undefined) return envelope('getDIDs', 302490, schema)
    return search('DIDLocators', locatorRows(inventory.available(), matches), schema)
  },

  getDIDCount(args, { inventory, schema }) {
    const matches = matcher((name) => text(args, name), schema)
    if (matches === undefined) return envelope('getDIDCount', 302490, schema)
    return search('DIDCounts', countRows(inventory.available(), matches, text(args, 'orderby')), schema)
  },

  isPortable(args, { inventory }) {
    const tn = text(args, 'tn')
    if (!isNumber(tn)) return port(944, noOrder, false)
    return port(100, noOrder, isPortable(tn, inventory))
  },

  getPortDetails(args) {
    const order = portOrder(Number(text(args, 'portId')))
    return order === undefined ? port(101, noOrder, false) : port(100, order, false)
  },
}

/** The answer of a release that did not work: what is ours is still ours. */
export function stillHeld(args: MethodArguments, { inventory, schema }: House): MethodAnswer {
  const rows = asked(args).map(({ tn }) => {
    const truth = inventory.truth(tn)
    return writtenRow('release', truth.state === 'reserved' ? '220' : '225', truth)
  })
  return written(rows, schema, false)
}

/** The answer that nobody knows what became of any number, whatever did. */
export function unknownError(
  said: 'reserve' | 'assign',
  args: MethodArguments,
  { inventory, schema }: House,
): MethodAnswer {
  const rows = asked(args).map(({ tn }) => writtenRow(said, '221', inventory.truth(tn)))
  return written(rows, schema, false)
}

/** The numbers that a request names. */
export function numbersOf(args: MethodArguments): string[] {
  const named = [text(args, 'did'), text(args, 'tn')].filter((tn) => tn !== '')
  return [...named, ...asked(args).map(({ tn }) => tn)]
}

/** The DIDParams of a request, as `soap` read them. */
export function paramsOf({ didParams }: MethodArguments): MethodArguments[] {
  const params = isRecord(didParams) ? didParams.DIDParam : undefined
  return (Array.isArray(params) ? params : [params]).filter(isRecord)
}

/** A scalar element: text whatever attributes it carried, `''` where it is absent, empty or nil. */
export function text(args: MethodArguments, name: string): string {
  return exactText(args, name).trim()
}

/** The text of an element with the white space around it. */
function exactText(args: MethodArguments, name: string): string {
  const value = Object.hasOwn(args, name) ? args[name] : undefined
  if (isRecord(value) && Object.hasOwn(value, '$value')) return exactText(value, '$value')
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** Envelope codes (docs/carrier.md, section 6). */
const messages: { readonly [code: number]: string } = {
  100: 'Success',
  101: 'No records found',
  900: 'An exception occurred',
  901: 'Client IP not found',
  902: 'Username, password or IP not found',
  944: 'Invalid number',
  948: 'You do not own the specified endpoint group',
  302490: 'No search criteria defined',
}

/**
 * Reserve, assign, config or release. The envelope refuses the whole call where a number is none (944), and where
 * every number names an endpoint group and none of these is the account's (948); single foreign groups, and groups
 * that are left out, fail their own number (258). A reservation has no endpoint group: what it names is ignored.
 */
function write(
  said: 'reserve' | 'assign' | 'config' | 'release',
  args: MethodArguments,
  { inventory, schema }: House,
): MethodAnswer {
  const params = asked(args)
  const none = (code: number): MethodAnswer => ({ result: didResponse(code, schema), changed: false })
  if (params.length === 0) return none(101)
  if (!params.every(({ tn }) => isNumber(tn))) return none(944)
  const routes = said === 'assign' || said === 'config'
  if (routes && params.every(({ epg }) => epg > 0 && !endpointGroups.includes(epg))) return none(948)

  let changed = false
  const rows = params.map((param) => {
    const outcome = inventory[said](param)
    changed ||= outcome.changed
    return writtenRow(said, outcome.tail, inventory.truth(param.tn))
  })
  return written(rows, schema, changed)
}

function asked(args: MethodArguments): AskedDid[] {
  return paramsOf(args).map((param) => ({
    tn: text(param, 'tn'),
    epg: Number(text(param, 'epg')) || 0,
    cnam: text(param, 'cnam') === '1',
    refId: exactText(param, 'refId'),
  }))
}

/** A geographic number of a served area code is portable, unless it is the account's own or its last digit is 9. */
function isPortable(tn: string, inventory: Inventory): boolean {
  const listing = describe(tn)
  return listing !== undefined && !listing.tollFree && inventory.truth(tn).owner !== 'us' && !tn.endsWith('9')
}

/** NPA-NXX-XXXX: area code and exchange begin with 2 to 9. */
export function isNumber(tn: string): boolean {
  return /^[2-9]\d\d[2-9]\d{6}$/.test(tn)
}

/** Whether the account has the number in service. */
export function ours(inventory: Inventory, tn: string): boolean {
  const { state, owner } = inventory.truth(tn)
  return state === 'assigned' && owner === 'us'
}

function written(rows: ElementRow[], schema: RowSchema, changed: boolean): MethodAnswer {
  return { ...listing('DIDs', rows, schema), changed }
}

function listing(name: ListingName, rows: Iterable<ElementRow>, schema: RowSchema): MethodAnswer {
  return {
    result: didResponse(100, schema),
    listing: { name, rows: mapped(rows, (row) => inSchema(schema, row)) },
    changed: false,
  }
}

function search(name: ListingName, rows: ElementRow[], schema: RowSchema): MethodAnswer {
  if (rows.length > 0) return listing(name, rows, schema)
  return { result: didResponse(101, schema), changed: false }
}

function port(code: number, PortDetails: ElementRow, portable: boolean): MethodAnswer {
  return { result: { ...outcome(code), PortDetails, IsPortable: portable }, changed: false }
}

/** Whatever was asked, the three listings are there, empty where they have nothing to say. */
function didResponse(code: number, schema: RowSchema): ElementRow {
  const conference = schema === 'full' && { ConferenceLine: { Enabled: false, PIN: '' } }
  return { ...outcome(code), DIDs: '', DIDLocators: '', DIDCounts: '', ...conference }
}

function outcome(code: number): ElementRow {
  return { responseCode: code, responseMessage: messages[code] ?? 'Unknown' }
}

function* mapped<From, To>(of: Iterable<From>, to: (one: From) => To): Generator<To> {
  for (const one of of) yield to(one)
}

function* orElse(rows: Iterable<ElementRow>, dummy: () => ElementRow): Generator<ElementRow> {
  let any = false
  for (const row of rows) {
    any = true
    yield row
  }
  if (!any) yield dummy()
}

/** Elements inside an element. */
export function isRecord(value: unknown): value is MethodArguments {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
