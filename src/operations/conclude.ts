import type { Facts, Settings } from '../domain/facts.ts'
import type { WriteTool } from '../domain/write-tool.ts'
import { sameFacts } from './readings.ts'

/** What one number's write may be called after a query. */
export interface Conclusion {
  outcome: 'done' | 'failed' | 'uncertain'
  /**
   * - `now`: stands at once.
   * - `quiet`: † stands only when nothing can land any more; until then the number is uncertain. Every `failed` is one: what
   *   another company holds now may be ours a minute later.
   * - `audit`: `done` if the number is absent from an audit begun later, else uncertain.
   */
  when: 'now' | 'quiet' | 'audit'
  /** What was seen, for a person. */
  seen: string
  /** What follows from it, where something does. */
  therefore?: string
}

/** What was seen: the facts, and whether the carrier had no such number (102420 or `Unavailable`). */
export interface SeenNumber {
  facts: Facts
  none: boolean
}

/**
 * What a query may conclude about a write whose answer was not read, or did not say enough: the table of docs/write-path.md.
 * Pure: asked, before, seen -> conclusion.
 */
export function conclude(tool: WriteTool, asked: Settings, before: Facts, seen: SeenNumber): Conclusion {
  const kind = kindOf(seen)
  return rules[tool]({ asked, before, seen: seen.facts, kind }) ?? unclear
}

/** Y assigned to us, R reserved for us, A available, O another company's, N none, `?` anything else. */
type Kind = 'Y' | 'R' | 'A' | 'O' | 'N' | '?'

interface Case {
  asked: Settings
  before: Facts
  seen: Facts
  kind: Kind
}

type CaseRule = (the: Case) => Conclusion | undefined

const done = (seen: string): Conclusion => ({ outcome: 'done', when: 'now', seen })
const failed = (seen: string, therefore?: string): Conclusion => {
  return { outcome: 'failed', when: 'quiet', seen, ...(therefore !== undefined && { therefore }) }
}
const open = (seen: string): Conclusion => ({ outcome: 'uncertain', when: 'now', seen })

const unclear = open('a query does not tell how it ended')

const rules: { readonly [tool in WriteTool]: CaseRule } = {
  reserveDID: ({ kind }) => {
    if (kind === 'R') return done('the carrier shows it reserved for this account')
    if (kind === 'A') return failed('it is still available', 'the reservation did not take effect')
    if (kind === 'Y') return failed('it is assigned to this account, not reserved')
    if (kind === 'O') return failed('another company has it', 'the reservation did not take effect')
    return undefined
  },
  assignDID: ({ asked, seen, kind }) => {
    if (kind === 'Y' && asAsked(asked, seen)) return done('the carrier shows it assigned as asked')
    if (kind === 'Y') return open('it is assigned to this account, but not as asked: billing runs')
    if (kind === 'A' || kind === 'R') return failed('it is not assigned', 'the assignment did not take effect')
    if (kind === 'O') return failed('another company has it', 'the assignment did not take effect')
    return undefined
  },
  configDID: ({ asked, before, seen, kind }) => {
    if (kind === 'Y' && asAsked(asked, seen)) return done('the carrier shows it configured as asked')
    if (kind === 'Y' && sameFacts(before, seen)) return failed('it is as it was', 'the change did not take effect')
    if (kind === 'Y') return open('it is configured neither as before nor as asked')
    if (kind === 'A' || kind === 'R' || kind === 'O') {
      return failed('the number has left the account: it is no longer assigned to you')
    }
    return undefined
  },
  releaseDID: ({ before, seen, kind }) => {
    if (kind === 'A' || kind === 'O') return done('the carrier shows that it is no longer yours')
    if (before.status === 'reserved') {
      return kind === 'R' ? failed('it is still reserved for you', 'the release did not take effect') : undefined
    }
    if (kind === 'Y' && sameFacts(before, seen)) {
      return failed('it is still yours', 'the release did not take effect')
    }
    if (kind === 'Y') return open('it is still yours, but not as it was')
    if (kind === 'R') return open('it is reserved for you, no longer assigned')
    if (kind === 'N') {
      const therefore = 'the account no longer lists it, so it was released'
      return { outcome: 'done', when: 'audit', seen: 'the carrier does not show it', therefore }
    }
    return undefined
  },
}

function kindOf({ facts, none }: SeenNumber): Kind {
  if (facts.status === 'yours') return 'Y'
  if (facts.status === 'reserved') return 'R'
  if (facts.status === 'available') return 'A'
  if (facts.status === 'taken') return 'O'
  return none ? 'N' : '?'
}

/** Whether a query shows everything that was sent as it was asked. What was not sent is not compared. */
export function asAsked(asked: Settings, seen: Facts): boolean {
  return (
    (asked.epg === undefined || asked.epg === seen.epg) &&
    (asked.cnam === undefined || asked.cnam === (seen.cnam ?? false)) &&
    (asked.refId === undefined || asked.refId === (seen.refId ?? ''))
  )
}
