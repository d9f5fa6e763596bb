import type { DidParam } from '../../carrier/carrier.ts'
import { quoteUnverified } from '../../carrier/quoted.ts'
import { unsendable } from '../../carrier/sendable.ts'
import type { Settings } from '../../domain/facts.ts'
import { asCall, type Part, type Row, type Write } from '../write.ts'
import { done, failed, letterOf, open } from './conclusions.ts'
import { inService } from './did-answers.ts'
import { asAsked, didDifferences } from './did-differences.ts'
import { type DidKind, type DidReading, ownDidFacts, sameFacts } from './did-look.ts'
import {
  emergency,
  factsInAll,
  notOurs,
  numbers,
  onOff,
  placeOf,
  referenceAsked,
  routing,
  tierOf,
  told,
  urgency,
} from './did-words.ts'
import { tally } from './tally.ts'

/** Changes endpoint group, CNAM dip and reference of numbers in service. */
export const config: Write<DidKind> = {
  tool: 'configDID',
  chunk: 50,
  look: ownDidFacts,
  ask: (carrier, rows, call) => carrier.configDID(rows.map(param), asCall(call, param)),

  // The method means something else by leaving a setting out, so what it was not told is sent as it is.
  complete: ({ epg, cnam, refId }, before) => ({
    epg: epg ?? before.epg,
    cnam: cnam ?? before.cnam,
    refId: refId ?? before.refId ?? '',
  }),
  obstacle,

  title(rows) {
    const moved = rows.some(({ asked, before }) => asked.epg !== before.epg)
    return `Reconfigure ${numbers(rows)} in service.${moved ? ' Live calls are routed elsewhere at once.' : ''}`
  },
  line: (row) => [
    change('endpoint group', row.before.epg, row.asked.epg),
    change('CNAM dip', onOff(row.before.cnam), onOff(row.asked.cnam)),
    reference(row),
    tierOf(row.before),
    placeOf(row.before),
    emergency(row.before),
    ...routing(row.before).map((name) => `warning: its ${told(name, row.before[name])} may be lost`),
  ],
  brief: (row) => [
    change('endpoint group', row.before.epg, row.asked.epg),
    change('CNAM dip', onOff(row.before.cnam), onOff(row.asked.cnam)),
    keepsReference(row) ? 'reference kept' : `reference -> ${referenceAsked(row.asked.refId ?? '')}`,
    emergency(row.before),
    ...routing(row.before).map((name) => `warning: its ${name} may be lost`),
  ],
  totals: (rows) => [
    ...tally(rows, 'from endpoint group', ({ before, asked }) => (asked.epg === before.epg ? undefined : before.epg)),
    ...tally(rows, 'to endpoint group', ({ before, asked }) => (asked.epg === before.epg ? undefined : asked.epg)),
    ...tally(rows, 'with CNAM dip turned', ({ before, asked }) =>
      onOff(before.cnam) === onOff(asked.cnam) ? undefined : onOff(asked.cnam),
    ),
    ...tally(rows, 'with', (row) => (keepsReference(row) ? undefined : 'another reference')),
    ...factsInAll(rows),
  ],
  urgency,

  after: inService,
  conclude(row, seen) {
    const letter = letterOf(seen)
    if (letter === 'Y' && asAsked(row.asked, seen.facts)) return done('the carrier shows it configured as asked')
    if (letter === 'Y' && sameFacts(row.before, seen.facts)) {
      return failed('it is as it was', 'the change did not take effect')
    }
    if (letter === 'Y') return open('it is configured neither as before nor as asked')
    if (letter === 'A' || letter === 'R' || letter === 'O') {
      return failed('the number has left the account: it is no longer assigned to you')
    }
    return undefined
  },
  ...didDifferences,
  doneAs: 'reconfigured',
}

const param = ({ tn, asked: { epg, cnam, refId } }: Row<DidKind>): DidParam => ({ tn, epg, cnam, refId })

function obstacle(asked: Settings, { facts }: DidReading): string | undefined {
  if (facts.status === 'reserved') return 'you only hold it: assign it first'
  if (facts.status !== 'yours') return notOurs[facts.status]
  if (asked.epg === undefined) return 'its present endpoint group cannot be read: state epg'
  if (asked.cnam === undefined) return 'its present CNAM setting cannot be read: state cnam'
  // A request is refused whole for one such reference, and the others must not wait for it.
  const unfit = unsendable(asked.refId ?? '')
  if (unfit !== undefined) return `its present reference cannot be sent back (it ${unfit}): state refId`
  return sameFacts({ ...facts, epg: asked.epg, cnam: asked.cnam, refId: asked.refId }, facts)
    ? 'it is configured like that already: nothing would change'
    : undefined
}

/** The present reference is the carrier's text, a new one the call's: that is shown whole. */
function reference(row: Row<DidKind>): Part {
  const present = row.before.refId ?? ''
  if (keepsReference(row)) return present === '' ? undefined : `reference kept: ${quoteUnverified(present)}`
  return `reference ${present === '' ? 'none' : quoteUnverified(present)} -> ${referenceAsked(row.asked.refId ?? '')}`
}

const keepsReference = ({ before, asked }: Row<DidKind>): boolean => (before.refId ?? '') === (asked.refId ?? '')

function change(name: string, from: string | number | undefined, to: string | number | undefined): string {
  return from === to ? `${name} stays ${from ?? 'unknown'}` : `${name} ${from ?? 'unknown'} -> ${to}`
}
