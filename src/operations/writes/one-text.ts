import type { Done } from '../../carrier/beyond.ts'
import { quoteExactly, quoteUnverified } from '../../carrier/quoted.ts'
import type { Facts, Settings } from '../../domain/facts.ts'
import type { WriteTool } from '../../domain/write-tool.ts'
import type { Compared, Difference, Look, Part, Row, Said, Write } from '../write.ts'
import { done, failed, letterOf, open } from './conclusions.ts'
import { type DidReading, sameFacts } from './did-look.ts'
import { emergency, factsInAll, notOurs, numbers, placeOf, tierOf, urgency } from './did-words.ts'
import { tally } from './tally.ts'

/** The texts of a number that methods beyond the ten set, one at a time. */
type TextField = 'failover' | 'forward' | 'cnamName'

/** What a write of one text deals in: the text under its fact's name, empty where it is removed, and what the DID methods know. */
export interface OneTextKind {
  asked: Settings & { readonly [field in TextField]?: string }
  facts: Facts
  reading: DidReading
  answered: Done
}

/** What is a write's own among those that set one text of a number in service. */
interface OneText {
  tool: WriteTool
  field: TextField
  /** What the text is called before a person, e.g. `failover`. */
  called: string
  look: Look<OneTextKind>
  ask: Write<OneTextKind>['ask']
  /** The first line of a preview, behind how many numbers it is about. */
  title: string
  /** Why a number of the account's own cannot take it. */
  unfit?(reading: DidReading): string | undefined
  doneAs: string
}

/**
 * A write that sets one text of numbers in service: asked one by one, and done where a query shows the text as it was asked.
 * The carrier's answer alone is not enough where it does not repeat the text.
 */
export function oneText({ tool, field, called, look, ask, title, unfit, doneAs }: OneText): Write<OneTextKind> {
  const asAsked = (asked: OneTextKind['asked'], facts: Facts): boolean =>
    (facts[field] ?? '') === (asked[field] ?? '') && (asked.epg === undefined || asked.epg === facts.epg)
  return {
    tool,
    chunk: 1,
    look,
    ask,
    obstacle(asked, reading) {
      const { facts } = reading
      if (facts.status === 'reserved') return 'you only hold it: assign it first'
      if (facts.status !== 'yours') return notOurs[facts.status]
      if (asAsked(asked, facts)) return `its ${called} is like that already: nothing would change`
      return unfit?.(reading)
    },

    title: (rows) => `${title} ${numbers(rows)} in service.`,
    line: (row) => [
      change(called, row.before[field], row.asked[field]),
      group(row),
      tierOf(row.before),
      placeOf(row.before),
      emergency(row.before),
    ],
    brief: (row) => [change(called, row.before[field], row.asked[field]), group(row), emergency(row.before)],
    totals: (rows) => [
      ...tally(rows, `with ${called}`, ({ asked }) => asked[field] || 'none'),
      ...tally(rows, 'to endpoint group', ({ asked }) => asked.epg),
      ...factsInAll(rows),
    ],
    urgency,

    after(row, answered): Said {
      const text = field === 'cnamName' ? undefined : answered[field]
      const after: Facts = {
        status: 'yours',
        ...(text !== undefined && { [field]: text }),
        ...(row.asked.epg !== undefined && answered.endpointId !== undefined && { epg: answered.endpointId }),
      }
      return { after, contradicts: !(field in after && asAsked(row.asked, after)) }
    },
    conclude(row, seen) {
      const letter = letterOf(seen)
      if (letter === 'Y' && asAsked(row.asked, seen.facts)) return done(`the carrier shows its ${called} as asked`)
      if (letter === 'Y' && sameFacts(row.before, seen.facts))
        return failed('it is as it was', 'the change did not take effect')
      if (letter === 'Y') return open(`its ${called} is neither as before nor as asked`)
      if (letter === 'A' || letter === 'R' || letter === 'O') {
        return failed('the number has left the account: it is no longer assigned to you')
      }
      return undefined
    },
    seenAs: (_asked, seen) => (seen.status === 'yours' ? { ...seen, [field]: seen[field] ?? '' } : seen),
    isAsSaid: (asked, said, seen) =>
      seen.status === 'yours' && (asAsked(asked, seen) || (said[field] !== undefined && said[field] === seen[field])),
    hasActed: (before, seen) => seen.status === 'yours' && (seen[field] ?? '') !== (before?.[field] ?? ''),
    differs: ({ asked, after }: Compared<OneTextKind>): Difference[] => {
      if (asked === undefined || after?.status !== 'yours') return []
      const [wanted, now] = [asked[field] ?? '', after[field]]
      const text: Difference[] =
        now === undefined || now === wanted
          ? []
          : [{ field, from: 'asked', words: `${called} ${quoted(now)} instead of ${quoted(wanted)}` }]
      return asked.epg === undefined || after.epg === undefined || asked.epg === after.epg
        ? text
        : [...text, { field: 'epg', from: 'asked', words: `endpoint group ${after.epg} instead of ${asked.epg}` }]
    },
    doneAs,
  }
}

const quoted = (text: string): string => (text === '' ? 'none' : quoteExactly(text))

/** The present text is the carrier's, the new one the call's: that is shown whole. */
function change(called: string, from: string | undefined, to: string | undefined): string {
  return `${called} ${from ? quoteUnverified(from) : 'none'} -> ${to ? quoteExactly(to, ' (as asked)') : 'none'}`
}

function group({ asked, before }: Row<OneTextKind>): Part {
  if (asked.epg === undefined) return before.epg === undefined ? undefined : `endpoint group ${before.epg}`
  return `back to endpoint group ${asked.epg}`
}
