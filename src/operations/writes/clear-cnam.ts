import { asCall, type Row } from '../write.ts'
import { cnamLook } from './cnam-look.ts'
import { type OneTextKind, oneText } from './one-text.ts'

/** Removes the stored caller name of a number. */
export const removeCnam = oneText({
  tool: 'RemoveCNAM',
  field: 'cnamName',
  called: 'caller name',
  look: cnamLook,
  ask: (carrier, rows, call) => carrier.RemoveCNAM(rows.map(param), asCall(call, param)),
  title: 'Remove the caller name that others see, of',
  doneAs: 'without a caller name now',
})

const param = ({ tn }: Row<OneTextKind>) => ({ tn })
