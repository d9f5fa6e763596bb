import type { DidParam } from '../../carrier/carrier.ts'
import { asCall, type Row, type Write } from '../write.ts'
import { done, failed, letterOf, open } from './conclusions.ts'
import { inService } from './did-answers.ts'
import { asAsked, didDifferences } from './did-differences.ts'
import { type DidKind, didFacts } from './did-look.ts'
import {
  emergency,
  factsInAll,
  notOurs,
  numbers,
  placeOf,
  settings,
  settingsInAll,
  tierOf,
  urgency,
} from './did-words.ts'
import { tally } from './tally.ts'

/** Buys numbers and puts them on an endpoint group. */
export const assign: Write<DidKind> = {
  tool: 'assignDID',
  chunk: 50,
  look: didFacts,
  ask: (carrier, rows, call) => carrier.assignDID(rows.map(param), asCall(call, param)),

  obstacle: (_asked, { facts }) =>
    ({
      available: undefined,
      reserved: undefined,
      yours: `it is already assigned to you${facts.epg === undefined ? '' : `, on endpoint group ${facts.epg}`}: use configDID to change it`,
      taken: 'another company has it',
      unknown: notOurs.unknown,
    })[facts.status],
  price: { tier: ({ tier }) => tier, ifUnknown: 'reserving it with reserveDID shows the tier' },

  title: (rows) =>
    `Assign ${numbers(rows)}. Billing starts at once and runs every month; the prices are not known here, they go by tier.`,
  line: (row) => [
    row.before.status === 'reserved' ? 'reserved for you' : row.before.status,
    tierOf(row.before),
    placeOf(row.before),
    ...settings(row),
    row.asked.cnam === undefined ? 'CNAM dip not asked for' : undefined,
    emergency(row.before) ?? 'no E911 address on file',
  ],
  brief: settings,
  totals: (rows) => [
    ...settingsInAll(rows),
    ...tally(rows, 'with', ({ asked }) => (asked.cnam === undefined ? 'CNAM dip not asked for' : undefined)),
    ...factsInAll(rows),
  ],
  urgency,

  after: inService,
  conclude(row, seen) {
    const letter = letterOf(seen)
    if (letter === 'Y' && asAsked(row.asked, seen.facts)) return done('the carrier shows it assigned as asked')
    if (letter === 'Y') return open('it is assigned to this account, but not as asked: billing runs')
    if (letter === 'A' || letter === 'R') return failed('it is not assigned', 'the assignment did not take effect')
    if (letter === 'O') return failed('another company has it', 'the assignment did not take effect')
    return undefined
  },
  ...didDifferences,
  doneAs: 'assigned, billing has started',
}

const param = ({ tn, asked: { epg, cnam, refId } }: Row<DidKind>): DidParam => ({ tn, epg, cnam, refId })
