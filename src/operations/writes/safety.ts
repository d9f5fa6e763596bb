import type { Address } from '../../carrier/beyond.ts'
import type { Turn } from '../../carrier/carrier.ts'
import { CarrierError } from '../../carrier/errors.ts'
import { quoteExactly, quoteUnverified } from '../../carrier/quoted.ts'
import type { WriteTool } from '../../domain/write-tool.ts'
import type { Difference, Look, Row, RowsCall, Said, Write } from '../write.ts'
import { done, failed, letterOf, open } from './conclusions.ts'
import { notOurs, numbers, placeOf, tierOf } from './did-words.ts'
import { lineOf, type SafetyFacts, type SafetyKind } from './safety-look.ts'

/** What is a write's own among those that change what a call to 911 carries. */
interface Safety {
  tool: WriteTool
  look: Look<SafetyKind>
  ask: Write<SafetyKind>['ask']
  /** The first line of a preview, behind how many numbers it is about, and what is at stake. */
  title: string
  stake: string
  /** What is changed of one number. */
  change(row: Row<SafetyKind>): string
  /** Why a number of the account's own cannot take it. */
  obstacle(asked: SafetyKind['asked'], facts: SafetyFacts): string | undefined
  /** Whether a number shows that it took effect. */
  took(asked: SafetyKind['asked'], seen: SafetyFacts, before: SafetyFacts | undefined): boolean
  /** Whether nothing that is seen can tell, because the same was there before. */
  blind?(row: Row<SafetyKind>): boolean
  doneAs: string
}

/**
 * A write of what a call to 911 carries, asked number by number. The carrier's answer says only that it was taken; a query
 * afterwards tells whether it took, so that decides.
 */
export function safety(write: Safety): Write<SafetyKind> {
  const { tool, look, ask, title, stake, change, obstacle, took, blind, doneAs } = write
  return {
    tool,
    chunk: 1,
    look,
    ask,
    obstacle(asked, { facts }) {
      if (facts.status === 'reserved') return 'you only hold it: assign it first'
      if (facts.status !== 'yours') return notOurs[facts.status]
      return obstacle(asked, facts)
    },

    title: (rows) => `${title} ${numbers(rows)}. ${stake}`,
    line: (row) => [change(row), carries(row.before), tierOf(row.before), placeOf(row.before)],
    brief: (row) => [change(row), carries(row.before)],
    totals: (rows) => [`${rows.filter(({ before }) => before.e911 !== undefined).length} with an address now`],
    urgency: ({ before }) => (before.e911 === undefined ? 0 : 4),

    after: (): Said<SafetyFacts> => ({ after: { status: 'yours' }, contradicts: true }),
    conclude(row, seen) {
      const letter = letterOf(seen)
      if (letter === 'A' || letter === 'R' || letter === 'O') {
        return failed('the number has left the account: it is no longer assigned to you')
      }
      if (letter !== 'Y') return undefined
      if (blind?.(row)) return open('the same was there before: a query does not tell whether it was added once more')
      if (took(row.asked, seen.facts, row.before)) return done(`the carrier shows it (${carries(seen.facts)})`)
      if (look.same(row.before, seen.facts)) return failed('it is as it was', 'the change did not take effect')
      return open(`what it carries for 911 is neither as before nor as asked (${carries(seen.facts)})`)
    },
    seenAs: (_asked, seen) => seen,
    isAsSaid: (asked, _said, seen) => seen.status === 'yours' && took(asked, seen, undefined),
    hasActed: (before, seen) => seen.status === 'yours' && before !== undefined && !look.same(before, seen),
    differs({ asked, after }): Difference[] {
      const wanted = asked?.address?.callerName?.trim().toUpperCase()
      if (!wanted || after?.e911Name === undefined || after.e911Name.toUpperCase() === wanted) return []
      const words = `911 caller name ${quoteExactly(after.e911Name)} instead of ${quoteExactly(wanted)}`
      return [{ field: 'e911Name', from: 'asked', words }]
    },
    doneAs,
  }
}

/** What a call to 911 carries now, for a person. */
function carries({ e911 }: SafetyFacts): string {
  return e911 === undefined ? '911 carries no address now' : `911 carries ${quoteUnverified(e911)} now`
}

/** The address asked for, whole. */
export const addressAsked = ({ asked: { address } }: Row<SafetyKind>): string =>
  address === undefined ? 'no address' : `${quoteExactly(lineOf(address))} (as asked)`

/**
 * A call that asks the carrier first whether the address is good for 911: one that is not is never sent, because the carrier
 * would take it and leave the number with none.
 */
export function asValidated<Param>(
  call: RowsCall<Row<SafetyKind>>,
  rows: readonly Row<SafetyKind>[],
  param: (row: Row<SafetyKind>) => Param,
) {
  return {
    async prepare(turn: Turn): Promise<readonly Param[]> {
      for (const { tn, asked } of rows) {
        const { valid } = asked.address ? await turn.validate911(asked.address, {}) : { valid: false }
        if (valid) continue
        const message = `the carrier says that this address is not good for 911, so nothing was sent for ${tn}: correct it, and ask validate911`
        throw new CarrierError('argument', message, { maybeSent: false })
      }
      return (await call.prepare(turn)).map(param)
    },
    sending: () => call.sending(),
  }
}

/** An address, or an empty one, which the adapter refuses before anything is sent. */
export const addressParam = ({ tn, asked }: Row<SafetyKind>) => ({ tn, address: asked.address ?? nowhere })

const nowhere: Address = { address1: '', city: '', state: '', zip: '' }
