import type { Did } from '../../carrier/carrier.ts'
import { queryStatus } from '../../carrier/outcomes.ts'
import { quoteExactly } from '../../carrier/quoted.ts'
import type { Facts, Settings } from '../../domain/facts.ts'
import { harmless } from '../../domain/untrusted.ts'
import type { Compared, Difference, Row, Write } from '../write.ts'
import { type DidKind, sameFacts } from './did-look.ts'

/** What the four DID writes have in common: what it means that a number is, or is not, as asked, shown or answered. */
export const didDifferences = { seenAs, isAsSaid, hasActed, differs } satisfies Partial<Write<DidKind>>

type DidSetting = 'epg' | 'cnam' | 'refId'

/** Whether a query shows everything that was sent as it was asked. What was not sent is not compared. */
export function asAsked(asked: Settings, seen: Facts): boolean {
  return (
    (asked.epg === undefined || asked.epg === seen.epg) &&
    (asked.cnam === undefined || asked.cnam === (seen.cnam ?? false)) &&
    (asked.refId === undefined || asked.refId === (seen.refId ?? ''))
  )
}

/** Whether a row of success says otherwise than what was asked, or than itself. */
export function contradicts(row: Row<DidKind>, did: Did, after: Facts): boolean {
  const shown = queryStatus(100, did.availability)
  return (
    (shown !== 'unknown' && shown !== after.status) ||
    (after.epg !== undefined && did.endpointId !== undefined && did.endpointId !== after.epg) ||
    notAsAsked(row.asked, after).length > 0
  )
}

/** A number in service shows no reference and no dip by leaving them out. The tier answered is the price, also where another is seen. */
function seenAs(asked: Settings, seen: Facts, said?: Facts): Facts {
  const full =
    seen.status === 'yours'
      ? {
          ...seen,
          ...(asked.cnam === true && { cnam: seen.cnam ?? false }),
          ...(asked.refId && { refId: seen.refId ?? '' }),
        }
      : seen
  return said?.tier === undefined ? full : { ...full, tier: said.tier }
}

function isAsSaid(asked: Settings, said: Facts, seen: Facts): boolean {
  const released = said.status === 'available' || said.status === 'unknown'
  if (released) return seen.status === 'available' || seen.status === 'taken'
  const settings = ['epg', 'cnam', 'refId'] as const
  return (
    seen.status === said.status &&
    settings.every(
      (name) =>
        said[name] === undefined ||
        asAsked({ [name]: said[name] }, seen) ||
        (asked[name] !== undefined && asAsked({ [name]: asked[name] }, seen)),
    )
  )
}

function hasActed(before: Facts | undefined, seen: Facts): boolean {
  return seen.status === 'yours' && !(before && sameFacts(before, seen))
}

function differs({ asked = {}, before, after }: Compared<DidKind>): Difference[] {
  if (after?.status !== 'yours' && after?.status !== 'reserved') return []
  const settings = notAsAsked(asked, after).map((field): Difference => {
    return {
      field,
      from: 'asked',
      words: `${names[field]} ${inWords(field, after)} instead of ${inWords(field, asked)}`,
    }
  })
  if (!differ(before?.tier, after.tier)) return settings
  // Another tier is another price.
  return [...settings, { field: 'tier', from: 'shown', words: `tier ${tierOf(after)} instead of ${tierOf(before)}` }]
}

/** The settings that are known to be otherwise than asked. Of a number that is only held, endpoint group and dip say nothing. */
function notAsAsked(asked: Settings, after: Facts): DidSetting[] {
  const inService = after.status === 'yours'
  return [
    ...(inService && differ(asked.epg, after.epg) ? (['epg'] as const) : []),
    ...(inService && differ(asked.cnam, after.cnam) ? (['cnam'] as const) : []),
    ...(differ(asked.refId, after.refId) ? (['refId'] as const) : []),
  ]
}

/** Two values that are both known. */
function differ<Value>(one: Value | undefined, other: Value | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other
}

const names = { epg: 'endpoint group', cnam: 'CNAM dip', refId: 'reference' }

function inWords(field: DidSetting, of: Settings): string {
  if (field === 'cnam') return of.cnam ? 'on' : 'off'
  if (field === 'refId') return of.refId ? quoteExactly(of.refId) : 'none'
  return String(of.epg)
}

const tierOf = (facts: Facts | undefined): string => harmless(facts?.tier ?? 'unknown', 10)
