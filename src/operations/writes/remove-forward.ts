import { asCall, type Row } from '../write.ts'
import { ownDidFacts } from './did-look.ts'
import { type OneTextKind, oneText } from './one-text.ts'

/** Ends the forwarding of a number: calls are delivered to the endpoint group that is named. */
export const removeForward = oneText({
  tool: 'RemoveDIDForward',
  field: 'forward',
  called: 'forward',
  look: ownDidFacts,
  ask: (carrier, rows, call) => carrier.RemoveDIDForward(rows.map(param), asCall(call, param)),
  title: 'End the forwarding, and deliver calls at once to the endpoint group named, of',
  unfit: ({ facts }) => (facts.forward ? undefined : 'it is not forwarded: use configDID for another endpoint group'),
  doneAs: 'no longer forwarded',
})

// A tool names the endpoint group; 0 is refused by the adapter, before anything is sent.
const param = ({ tn, asked: { epg = 0 } }: Row<OneTextKind>) => ({ tn, epgId: epg })
