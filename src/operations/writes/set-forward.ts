import { asCall, type Row } from '../write.ts'
import { ownDidFacts } from './did-look.ts'
import { type OneTextKind, oneText } from './one-text.ts'

/** Forwards calls to a number instead of delivering them to its endpoint group. */
export const setForward = oneText({
  tool: 'SetDIDForward',
  field: 'forward',
  called: 'forward',
  look: ownDidFacts,
  ask: (carrier, rows, call) => carrier.SetDIDForward(rows.map(param), asCall(call, param)),
  title: 'Forward all calls, at once and instead of delivering them, of',
  doneAs: 'forwarded',
})

const param = ({ tn, asked: { forward = '' } }: Row<OneTextKind>) => ({ tn, forward })
