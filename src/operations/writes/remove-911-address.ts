import { asCall, type Row } from '../write.ts'
import { safety } from './safety.ts'
import { addressLook, type SafetyKind } from './safety-look.ts'

/** Removes 911 from numbers: a call to 911 carries no address from then on. */
export const removeAddress = safety({
  tool: 'remove911',
  look: addressLook,
  ask: (carrier, rows, call) => carrier.remove911(rows.map(param), asCall(call, param)),
  title: 'Remove 911 from',
  stake: 'Calls to 911 from them will carry NO address: nobody knows where to send help.',
  change: () => '911 address -> none',
  obstacle: (_asked, { e911 }) => (e911 === undefined ? 'it has no 911 address: nothing would change' : undefined),
  took: (_asked, { e911 }) => e911 === undefined,
  doneAs: 'without a 911 address now',
})

const param = ({ tn }: Row<SafetyKind>) => ({ tn })
