import type { Did } from '../carrier.ts'
import * as fields from './fields.ts'
import type { OperationName } from './wsdl.ts'

/** What may stand in an answer, as a tree: the decoder walks it, and knows nothing of the carrier itself. */
type Element = Leaf | Parent

/** An element with text. Its value becomes `key` of the record it stands in. */
export interface Leaf {
  readonly key: string
  readonly read: (text: string) => unknown
  /** One bit among its siblings: an element that may stand once stands once. 0 where it may stand many times. */
  readonly bit: number
  /** Each is a row of its own, with this one field. */
  readonly many?: true
}

/** An element with elements. */
export interface Parent {
  readonly children: ReadonlyMap<string, Element>
  /** `rows`: each one is a record, handed out as it closes. `own`: a record, kept as `key`. `outer`: no record of its own. */
  readonly value: 'rows' | 'own' | 'outer'
  readonly key: string
  /** 0 where it may stand many times. */
  readonly bit: number
  /** Keys without which the record is none. */
  readonly required: readonly string[]
  /** What is wrong where it holds an element that is not in `children`. Without it such elements are passed over. */
  readonly closed?: string
}

/**
 * The answers to one operation, from the document down: an envelope with either the operation's own response or a
 * fault. Elements of newer and older services that are not read here (DIDGroups, ConferenceLine) are passed over, and
 * every element that is read may be absent, nil or empty (docs/carrier.md, section 4, points 3, 5 and 6).
 */
export function answerTo(operation: OperationName): Parent {
  const known = answers.get(operation) ?? document(operation)
  answers.set(operation, known)
  return known
}

/** An element before its place among its siblings is known. */
type Unplaced = Omit<Leaf, 'bit'> | Omit<Parent, 'bit'>
type Children = { readonly [name: string]: Unplaced }

function leaf(field: fields.Field<unknown>, key: string): Omit<Leaf, 'bit'> {
  return { key, read: field.read }
}

function leaves<Type>(table: fields.Fields<Type>): Children {
  const entries = Object.entries<fields.Field<unknown>>(table)
  return Object.fromEntries(entries.map(([key, field]) => [field.wire ?? key, leaf(field, key)]))
}

function row<Type>(table: fields.Fields<Type>): Unplaced {
  return parent('rows', leaves(table), { required: requiredOf(table) })
}

function requiredOf<Type>(table: fields.Fields<Type>): string[] {
  const required = Object.entries<fields.Field<unknown>>(table).filter(([, field]) => field.required)
  return required.map(([key]) => key)
}

function parent(
  value: Parent['value'],
  children: Children,
  facts: { key?: string; closed?: string; required?: readonly string[] } = {},
): Omit<Parent, 'bit'> {
  const placed = Object.entries(children).map(([name, child], index): [string, Element] => {
    const many = ('value' in child ? child.value === 'rows' : child.many) || name === 'soap:Text'
    return [name, { ...child, bit: many ? 0 : 1 << index }]
  })
  return { value, children: new Map(placed), key: facts.key ?? '', required: facts.required ?? [], ...facts }
}

const envelope: Children = {
  responseCode: leaf(fields.integer, 'code'),
  responseMessage: leaf(fields.message, 'message'),
}

/** Asked about numbers of its own, the carrier may answer with a dummy that has none. */
const dids: Children = { DIDs: parent('outer', { DID: row(fields.did) }) }
const written: Children = {
  DIDs: parent('outer', { DID: row<Did>({ ...fields.did, tn: { ...fields.did.tn, required: true } }) }),
}

const routed: Children = dids
const statuses: Children = { Statuses: parent('outer', { Status911: row(fields.status911) }) }
const records: Children = { DID911s: parent('outer', { DID911: row(fields.did911) }) }
const locations: Children = { VILocations: parent('outer', { VILocation: row(fields.location) }) }
const displayed: Children = { DisplayName: leaf(fields.exact, 'name') }
const written911: Children = { ...statuses, ...locations }

const results: { readonly [operation in OperationName]: Children } = {
  auditDIDs: dids,
  queryDID: dids,
  assignDID: written,
  configDID: written,
  releaseDID: written,
  reserveDID: written,
  getDIDs: { DIDLocators: parent('outer', { DIDLocator: row(fields.locator) }) },
  getDIDCount: { DIDCounts: parent('outer', { DIDCount: row(fields.count) }) },
  isPortable: { IsPortable: leaf(fields.boolean, 'portable') },
  getPortDetails: {
    PortDetails: parent(
      'own',
      { ...leaves(fields.port), dids: parent('outer', { PortDID: row(fields.portDid) }) },
      { key: 'port', required: requiredOf(fields.port) },
    ),
  },
  validate911: { ...statuses, ...locations },
  insert911: written911,
  update911: written911,
  remove911: written911,
  addLocation: written911,
  provisionLocation: written911,
  removeLocation: written911,
  Add911Alert: written911,
  Remove911Alert: written911,
  query911: records,
  audit911: records,
  getProvisioningHistory: records,
  getLocations: locations,
  Query911Alert: { Alerts: parent('outer', { string: { ...leaf(fields.message, 'email'), many: true } }) },
  GetCNAMDisplay: displayed,
  UpdateCNAMDisplay: displayed,
  RemoveCNAM: displayed,
  GetDIDFailover: routed,
  UpdateDIDFailover: routed,
  GetDIDForward: routed,
  SetDIDForward: routed,
  RemoveDIDForward: routed,
  GetPrepaidBalance: { Amount: leaf(fields.decimal, 'amount') },
}

// SOAP 1.1 writes faultstring without a namespace, 1.2 writes Reason/Text in its own, once for each language.
const fault = parent(
  'own',
  {
    ':faultcode': leaf(fields.message, 'code'),
    ':faultstring': leaf(fields.message, 'reason'),
    'soap:Code': parent('outer', { 'soap:Value': leaf(fields.message, 'code') }),
    'soap:Reason': parent('outer', { 'soap:Text': leaf(fields.message, 'reason') }),
  },
  { key: 'fault' },
)

const answers = new Map<OperationName, Parent>()

function document(operation: OperationName): Parent {
  const another = { closed: 'is of another operation' }
  const response = parent(
    'outer',
    { [`${operation}Result`]: parent('outer', { ...envelope, ...results[operation] }) },
    another,
  )
  const body = parent('outer', { [`${operation}Response`]: response, 'soap:Fault': fault }, another)
  const root = parent(
    'outer',
    { 'soap:Envelope': parent('outer', { 'soap:Body': body }) },
    { closed: 'is not a SOAP envelope' },
  )
  return { ...root, bit: 0 }
}
