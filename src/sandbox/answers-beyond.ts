import type { OperationName, TenName } from '../carrier/soap/wsdl.ts'
import type { Inventory } from './inventory.ts'
import { type AskedAddress, isValid, type LocationHeld } from './locations.ts'
import { type House, isNumber, type MethodAnswer, type MethodArguments, ours, text } from './methods.ts'
import { inSchema, ourRow, zoneless } from './replies.ts'
import type { ElementRow } from './xml.ts'

type BeyondOperation = Exclude<OperationName, TenName>

/** The operations beyond the ten (docs/carrier.md, section 7). */
export const beyondAnswers: {
  readonly [operation in BeyondOperation]: (args: MethodArguments, house: House) => MethodAnswer
} = {
  validate911(args) {
    const address = addressOf(args)
    if (!isValid(address)) return said(101)
    return said(100, { ...status(100, 'Address is valid'), VILocations: { VILocation: [validated(address)] } })
  },
  insert911: (args, house) => located(args, house, (tn, { locations }) => put(locations, tn, args)),
  update911: (args, house) => located(args, house, (tn, { locations }) => put(locations, tn, args)),
  remove911: (args, house) =>
    located(args, house, (tn, { locations }) => {
      if (locations.of(tn).length === 0) return said(101)
      locations.clear(tn)
      return updated
    }),
  addLocation: (args, house) =>
    located(args, house, (tn, { locations }) => {
      const location = locations.add(tn, addressOf(args))
      return changed(100, { ...status(100, updatedWords), VILocations: { VILocation: [locationRow(location)] } })
    }),
  provisionLocation: (args, house) =>
    located(args, house, (tn, { locations }) => {
      return locations.provision(tn, text(args, 'locationId')) ? updated : said(101)
    }),
  removeLocation: (args, house) =>
    located(args, house, (tn, { locations }) => {
      return locations.remove(tn, text(args, 'locationId')) ? updated : said(101)
    }),
  query911: (args, house) =>
    located(args, house, (tn, { locations }) => {
      const location = locations.provisioned(tn)
      return location === undefined ? said(101) : said(100, records([recordRow(tn, location)]))
    }),
  getProvisioningHistory: (args, house) =>
    located(args, house, (tn, { locations }) => {
      const before = locations.history(tn)
      return before.length === 0 ? said(101) : said(100, records(before.map((one) => recordRow(tn, one))))
    }),
  getLocations: (args, house) =>
    located(args, house, (tn, { locations }) => {
      const all = locations.of(tn)
      return all.length === 0 ? said(101) : said(100, { VILocations: { VILocation: all.map(locationRow) } })
    }),
  audit911(_args, { inventory }) {
    const rows: ElementRow[] = []
    for (const { tn } of inventory.owned()) {
      const location = inventory.locations.provisioned(tn)
      if (location !== undefined) rows.push(recordRow(tn, location))
    }
    return rows.length === 0 ? said(101) : said(100, records(rows))
  },
  Add911Alert: (args, house) =>
    located(args, house, (tn, { alerts }) => {
      const email = text(args, 'email')
      if (email === '') return said(101)
      alerts.set(tn, [...new Set([...(alerts.get(tn) ?? []), email])])
      return updated
    }),
  Remove911Alert: (args, house) =>
    located(args, house, (tn, { alerts }) => {
      const email = text(args, 'email')
      const emails = alerts.get(tn) ?? []
      if (!emails.includes(email)) return said(101)
      alerts.set(
        tn,
        emails.filter((one) => one !== email),
      )
      return updated
    }),
  Query911Alert: (args, house) =>
    located(args, house, (tn, { alerts }) => {
      const emails = alerts.get(tn) ?? []
      return emails.length === 0 ? said(101) : said(100, { Alerts: { string: emails as unknown as ElementRow[] } })
    }),

  GetCNAMDisplay: (args, house) =>
    named(args, house, (name) => (name === '' ? said(101) : said(100, { DisplayName: name }))),
  UpdateCNAMDisplay: (args, { inventory }) => {
    const tn = text(args, 'tn')
    const name = text(args, 'name')
    if (!ours(inventory, tn)) return said(944)
    const storable = inventory.truth(tn).listing?.outboundCNAM === true && name !== '' && name.length <= mostNamed
    if (!storable) return said(101)
    inventory.adjust(tn, { cnamName: name })
    return changed(100)
  },
  RemoveCNAM: (args, house) =>
    named(args, house, (name, tn) => {
      if (name === '') return said(101)
      house.inventory.adjust(tn, { cnamName: '' })
      return changed(100)
    }),

  GetDIDFailover: (args, house) => routed(args, house),
  UpdateDIDFailover: (args, house) => routed(args, house, { failover: text(args, 'failover') }),
  GetDIDForward: (args, house) => routed(args, house),
  SetDIDForward: (args, house) => routed(args, house, { forward: text(args, 'forward') }),
  RemoveDIDForward: (args, house) => routed(args, house, { forward: '', epg: Number(text(args, 'epgId')) || 0 }),

  GetPrepaidBalance: (_args, { inventory }) => said(100, { Amount: (inventory.balanceCents() / 100).toFixed(2) }),
}

/** An envelope without anything in it, of the type that the operation answers with. */
export function beyondEnvelope(operation: BeyondOperation, code: number): MethodAnswer {
  return said(code, operation === 'GetPrepaidBalance' ? { Amount: 0 } : {})
}

/** Characters that a stored name may have, spaces counted. */
const mostNamed = 15

const updatedWords = 'Location status updated'

function addressOf(args: MethodArguments): AskedAddress {
  const of = (name: string) => text(args, name)
  return {
    address1: of('address1'),
    address2: of('address2'),
    city: of('city'),
    state: of('state'),
    zip: of('zip'),
    plusFour: of('plusFour'),
    callerName: of('callerName'),
  }
}

/** An operation over a number of the account's own; a toll-free one has no 911. */
function located(
  args: MethodArguments,
  { inventory }: House,
  act: (tn: string, inventory: Inventory) => MethodAnswer,
): MethodAnswer {
  const tn = text(args, 'did') || text(args, 'tn')
  if (!isNumber(tn)) return said(944)
  if (!ours(inventory, tn) || inventory.truth(tn).listing?.tollFree === true) return said(941)
  return act(tn, inventory)
}

function put(locations: Inventory['locations'], tn: string, args: MethodArguments): MethodAnswer {
  locations.put(tn, addressOf(args))
  return updated
}

function named(
  args: MethodArguments,
  { inventory }: House,
  act: (name: string, tn: string) => MethodAnswer,
): MethodAnswer {
  const tn = text(args, 'tn')
  return ours(inventory, tn) ? act(inventory.truth(tn).cnamName, tn) : said(944)
}

function routed(
  args: MethodArguments,
  { inventory, schema }: House,
  to?: { failover?: string; forward?: string; epg?: number },
): MethodAnswer {
  const tn = text(args, 'tn')
  const answer = (code: number, row?: ElementRow): MethodAnswer => ({
    result: {
      ...outcome(code),
      DIDs: row === undefined ? '' : { DID: [inSchema(schema, row)] },
      DIDLocators: '',
      DIDCounts: '',
    },
    changed: row !== undefined && to !== undefined,
  })
  if (!ours(inventory, tn)) return answer(944)
  if (to?.epg !== undefined && !inventory.serves(to.epg)) return answer(948)
  if (to !== undefined) inventory.adjust(tn, to)
  return answer(100, ourRow(inventory.truth(tn)))
}

/** The envelope's words (docs/carrier.md, sections 6 and 7). */
const messages: { readonly [code: number]: string } = {
  100: 'Success',
  101: 'No Records Found',
  900: 'An exception occurred',
  901: 'Client IP not found',
  902: 'Username, password or IP not found',
  941: '911 is not enabled',
  944: 'Invalid number',
  948: 'You do not own the specified endpoint group',
}

function outcome(code: number): ElementRow {
  return { responseCode: code, responseMessage: messages[code] ?? 'Unknown' }
}

function said(code: number, more: ElementRow = {}): MethodAnswer {
  return { result: { ...outcome(code), ...more }, changed: false }
}

function changed(code: number, more: ElementRow = {}): MethodAnswer {
  return { ...said(code, more), changed: true }
}

function status(code: number, description: string): ElementRow {
  return { Statuses: { Status911: [{ code: String(code), description }] } }
}

const updated: MethodAnswer = changed(100, status(100, updatedWords))

function records(rows: ElementRow[]): ElementRow {
  return { DID911s: { DID911: rows } }
}

const stateWords: { readonly [state in LocationHeld['state911']]: string } = {
  PROVISIONED: 'Location is currently provisioned for URI',
  GEOCODED: 'Location is geocoded',
  INVALID: 'Location is invalid',
}

/** A record of a number: zip in one piece, times without zone, and a caller name with spaces behind it. */
function recordRow(tn: string, location: LocationHeld): ElementRow {
  const { locationId, address1, address2, city, state, zip, plusFour, callerName, state911, at } = location
  return {
    locationId,
    tn,
    callerName: `${callerName}  `,
    address1,
    address2,
    city,
    state,
    zipCode: plusFour === '' ? zip : `${zip}-${plusFour}`,
    ...place(tn),
    statusCode: state911,
    statusDescription: stateWords[state911],
    activatedTime: zoneless(at),
    dateAdded: zoneless(at),
  }
}

function locationRow(location: LocationHeld): ElementRow {
  const { locationId, address1, address2, city, state, zip, plusFour, callerName, state911, at } = location
  const time = new Date(at).toISOString()
  return {
    locationId,
    address1,
    address2,
    city,
    state,
    zipCode: zip,
    plusFour,
    callerName,
    ...place(locationId),
    statusCode: state911,
    statusDescription: stateWords[state911],
    orderId: '',
    activatedTime: time,
    updateTime: time,
  }
}

function validated({ address1, address2, city, state, zip, plusFour, callerName }: AskedAddress): ElementRow {
  const capitals = (words: string) => words.toUpperCase()
  return {
    locationId: '0',
    address1: capitals(address1),
    address2: capitals(address2),
    city: capitals(city),
    state: capitals(state),
    zipCode: zip,
    plusFour: plusFour === '' ? '3059' : plusFour,
    callerName,
    ...place(zip),
    statusCode: 'GEOCODED',
    statusDescription: stateWords.GEOCODED,
    orderId: '',
  }
}

/** A place of no meaning, the same each time. */
function place(of: string): ElementRow {
  const last = Number(of.slice(-4)) || 0
  return { latitude: (37 + last / 10_000).toFixed(6), longitude: (-113 - last / 10_000).toFixed(6) }
}
