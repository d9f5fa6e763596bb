import { asCall, type Write } from '../write.ts'
import { done, doneIfUnlisted, failed, letterOf, open } from './conclusions.ts'
import { gone } from './did-answers.ts'
import { didDifferences } from './did-differences.ts'
import { type DidKind, ownDidFacts, sameFacts } from './did-look.ts'
import { emergency, factsInAll, notOurs, numbers, placeOf, routing, tierOf, told, urgency } from './did-words.ts'
import { tally } from './tally.ts'

/** Gives numbers back, whether assigned or held. */
export const release: Write<DidKind> = {
  tool: 'releaseDID',
  chunk: 50,
  look: ownDidFacts,
  ask: (carrier, rows, call) => carrier.releaseDID(rows.map(param), asCall(call, param)),

  obstacle: (_asked, { facts }) => notOurs[facts.status],

  title: (rows) =>
    `Release ${numbers(rows)}. This cannot be undone: another company may take a released number within a minute.`,
  line: ({ before }) => [
    before.status === 'reserved' ? 'reserved for you' : 'assigned to you',
    before.epg === undefined ? undefined : `in service on endpoint group ${before.epg}`,
    tierOf(before),
    placeOf(before),
    emergency(before),
    ...routing(before).map((name) => told(name, before[name])),
    told('DID group', before.didGroupId),
    told('reference', before.refId),
    told('caller name', before.cnamName),
  ],
  brief: ({ before }) => [
    before.epg === undefined ? undefined : `on endpoint group ${before.epg}`,
    emergency(before),
    ...routing(before).map((name) => `with a ${name}`),
  ],
  totals: (rows) => [...tally(rows, 'on endpoint group', ({ before }) => before.epg), ...factsInAll(rows)],
  urgency,

  after: gone,
  conclude({ before }, seen) {
    const letter = letterOf(seen)
    if (letter === 'A' || letter === 'O') return done('the carrier shows that it is no longer yours')
    if (before.status === 'reserved') {
      return letter === 'R' ? failed('it is still reserved for you', 'the release did not take effect') : undefined
    }
    if (letter === 'Y' && sameFacts(before, seen.facts)) {
      return failed('it is still yours', 'the release did not take effect')
    }
    if (letter === 'Y') return open('it is still yours, but not as it was')
    if (letter === 'R') return open('it is reserved for you, no longer assigned')
    if (letter === 'N') {
      return doneIfUnlisted('the carrier does not show it', 'the account no longer lists it, so it was released')
    }
    return undefined
  },
  ...didDifferences,
  doneAs: 'released',
}

const param = ({ tn }: { tn: string }) => ({ tn })
