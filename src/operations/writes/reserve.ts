import type { DidParam } from '../../carrier/carrier.ts'
import { asCall, type Row, type Write } from '../write.ts'
import { done, failed, letterOf } from './conclusions.ts'
import { held } from './did-answers.ts'
import { didDifferences } from './did-differences.ts'
import { type DidKind, didFacts } from './did-look.ts'
import { factsInAll, notOurs, numbers, placeOf, settings, settingsInAll, tierOf, urgency } from './did-words.ts'

/** Takes numbers off the shelf for at most 30 minutes. */
export const reserve: Write<DidKind> = {
  tool: 'reserveDID',
  chunk: 50,
  look: didFacts,
  ask: (carrier, rows, call) => carrier.reserveDID(rows.map(param), asCall(call, param)),

  obstacle: (_asked, { facts, did }) =>
    ({
      available: undefined,
      reserved: `you hold it already${did?.expireDate ? `, until ${did.expireDate} by the carrier's clock` : ''}`,
      yours: 'it is already assigned to you',
      taken: 'another company has it',
      unknown: notOurs.unknown,
    })[facts.status],

  title: (rows) => `Reserve ${numbers(rows)} for at most 30 minutes.`,
  line: (row) => [row.before.status, tierOf(row.before), placeOf(row.before), ...settings(row)],
  brief: settings,
  totals: (rows) => [...settingsInAll(rows), ...factsInAll(rows)],
  urgency,

  after: held,
  conclude(_row, seen) {
    const letter = letterOf(seen)
    if (letter === 'R') return done('the carrier shows it reserved for this account')
    if (letter === 'A') return failed('it is still available', 'the reservation did not take effect')
    if (letter === 'Y') return failed('it is assigned to this account, not reserved')
    if (letter === 'O') return failed('another company has it', 'the reservation did not take effect')
    return undefined
  },
  ...didDifferences,
  doneAs: 'reserved',
}

const param = ({ tn, asked: { epg, cnam, refId } }: Row<DidKind>): DidParam => ({ tn, epg, cnam, refId })
