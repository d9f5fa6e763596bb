import { addressAsked, addressParam, asValidated, safety } from './safety.ts'
import { lineOf, locationsLook } from './safety-look.ts'

/** Adds a 911 location to numbers without provisioning it. */
export const addLocationTo = safety({
  tool: 'addLocation',
  look: locationsLook,
  ask: (carrier, rows, call) => carrier.addLocation(rows.map(addressParam), asValidated(call, rows, addressParam)),
  title: 'Add a 911 location, not provisioned, to',
  stake: 'Its caller name becomes that of their other locations; what 911 carries stays.',
  change: (row) => `location added: ${addressAsked(row)}`,
  obstacle: () => undefined,
  took: ({ address }, { locations = [] }) =>
    address !== undefined && locations.some(({ line }) => line === lineOf(address)),
  // A lost one stays uncertain where something alike was there before.
  blind: ({ asked: { address }, before: { locations = [] } }) =>
    address !== undefined && locations.some(({ line }) => line === lineOf(address)),
  doneAs: 'given one more location',
})
