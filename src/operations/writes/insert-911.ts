import { addressAsked, addressParam, asValidated, safety } from './safety.ts'
import { addressLook, lineOf } from './safety-look.ts'

/** Adds an address for 911 to numbers that have none, and provisions it. */
export const insertAddress = safety({
  tool: 'insert911',
  look: addressLook,
  ask: (carrier, rows, call) => carrier.insert911(rows.map(addressParam), asValidated(call, rows, addressParam)),
  title: 'Add a 911 address to',
  stake: 'A call to 911 from them carries it from then on.',
  change: (row) => `911 address -> ${addressAsked(row)}`,
  obstacle: (_asked, { e911 }) => (e911 === undefined ? undefined : 'it has a 911 address already: use update911'),
  took: ({ address }, { e911 }) => address !== undefined && e911 === lineOf(address),
  doneAs: 'given a 911 address',
})
