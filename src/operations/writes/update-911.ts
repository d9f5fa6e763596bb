import { addressAsked, addressParam, asValidated, safety } from './safety.ts'
import { addressLook, lineOf } from './safety-look.ts'

/** Replaces the 911 address of numbers; one that is not valid is never sent, because it would leave them with none. */
export const updateAddress = safety({
  tool: 'update911',
  look: addressLook,
  ask: (carrier, rows, call) => carrier.update911(rows.map(addressParam), asValidated(call, rows, addressParam)),
  title: 'Replace the 911 address of',
  stake: 'A call to 911 from them carries the new one, and help goes there.',
  change: (row) => `911 address -> ${addressAsked(row)}`,
  obstacle: ({ address }, { e911 }) => {
    if (e911 === undefined) return 'it has no 911 address: use insert911'
    return address && e911 === lineOf(address) ? 'its 911 address is that already: nothing would change' : undefined
  },
  took: ({ address }, { e911 }) => address !== undefined && e911 === lineOf(address),
  doneAs: 'given another 911 address',
})
