import { asCall, type Row } from '../write.ts'
import { ownDidFacts } from './did-look.ts'
import { type OneTextKind, oneText } from './one-text.ts'

/** Sets where calls to a number go when its endpoint is away. */
export const updateFailover = oneText({
  tool: 'UpdateDIDFailover',
  field: 'failover',
  called: 'failover',
  look: ownDidFacts,
  ask: (carrier, rows, call) => carrier.UpdateDIDFailover(rows.map(param), asCall(call, param)),
  title: 'Change where calls go when the endpoint is away, of',
  doneAs: 'given their failover',
})

const param = ({ tn, asked: { failover = '' } }: Row<OneTextKind>) => ({ tn, failover })
