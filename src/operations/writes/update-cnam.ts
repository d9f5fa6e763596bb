import { asCall, type Row } from '../write.ts'
import { cnamLook } from './cnam-look.ts'
import { type OneTextKind, oneText } from './one-text.ts'

/** Stores the name that others see when a number calls them. */
export const updateCnam = oneText({
  tool: 'UpdateCNAMDisplay',
  field: 'cnamName',
  called: 'caller name',
  look: cnamLook,
  ask: (carrier, rows, call) => carrier.UpdateCNAMDisplay(rows.map(param), asCall(call, param)),
  title: 'Store the caller name that others see, of',
  unfit: ({ did }) =>
    did?.cnamStorageAvailability === true ? undefined : 'the carrier says that no caller name can be stored for it',
  doneAs: 'given their caller name',
})

const param = ({ tn, asked: { cnamName = '' } }: Row<OneTextKind>) => ({ tn, name: cnamName })
