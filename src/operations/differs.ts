import { quoteExactly } from '../carrier/quoted.ts'
import type { Facts, Settings } from '../domain/facts.ts'
import { harmless } from '../domain/untrusted.ts'
import type { OperationRow } from '../journal/operation.ts'
import { sameFacts } from './readings.ts'

/** Where a number is otherwise than it was asked, or (its tier: another price) than it was shown. */
export type Difference = SettingName | 'tier'

type SettingName = 'epg' | 'cnam' | 'refId'

/** What was asked, what was shown, and what the number is now; of what is not known nothing is said. */
interface Compared {
  asked?: Settings | undefined
  before?: Facts | undefined
  after?: Facts | undefined
}

/**
 * The fields of `after` that are not as asked or as shown, of a number on which the write has taken effect: one that was
 * done, and one that is uncertain because it is assigned otherwise.
 */
export function differsOf(row: Compared & Pick<OperationRow, 'outcome'>): Difference[] {
  const { outcome, before, after } = row
  if (after === undefined) return []
  const otherwise = outcome === 'uncertain' && after.status === 'yours' && !(before && sameFacts(before, after))
  return outcome === 'done' || otherwise ? differences(row) : []
}

/** The same for a person, e.g. `not as asked: endpoint group 9999 instead of 8674`; undefined where all is as it should be. */
export function describeDifferences(row: Compared): string | undefined {
  const { before, after } = row
  const differ = differences(row)
  const settings = differ
    .filter((field) => field !== 'tier')
    .map((field) => `${names[field]} ${inWords(field, after)} instead of ${inWords(field, row.asked)}`)
  const parts = [
    settings.length > 0 ? `not as asked: ${settings.join(', ')}` : undefined,
    differ.includes('tier') ? `not as shown: tier ${tierOf(after)} instead of ${tierOf(before)}` : undefined,
  ]
  return parts.filter(Boolean).join('; ') || undefined
}

/** Which settings are known to be otherwise than asked. Of a number that is only held, endpoint group and dip say nothing. */
export function notAsAsked(asked: Settings, after: Facts): SettingName[] {
  const inService = after.status === 'yours'
  return [
    ...(inService && differ(asked.epg, after.epg) ? (['epg'] as const) : []),
    ...(inService && differ(asked.cnam, after.cnam) ? (['cnam'] as const) : []),
    ...(differ(asked.refId, after.refId) ? (['refId'] as const) : []),
  ]
}

/** What was seen, with what a number in service shows by leaving it out: no reference, no dip. */
export function seenInFull(asked: Settings, seen: Facts): Facts {
  if (seen.status !== 'yours') return seen
  return {
    ...seen,
    ...(asked.cnam === true && { cnam: seen.cnam ?? false }),
    ...(asked.refId && { refId: seen.refId ?? '' }),
  }
}

function differences(row: Compared): Difference[] {
  const { before, after } = row
  if (after?.status !== 'yours' && after?.status !== 'reserved') return []
  return [...notAsAsked(row.asked ?? {}, after), ...(differ(before?.tier, after.tier) ? (['tier'] as const) : [])]
}

/** Two values that are both known. */
function differ<Value>(one: Value | undefined, other: Value | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other
}

const names = { epg: 'endpoint group', cnam: 'CNAM dip', refId: 'reference' }

function inWords(field: SettingName, of: Partial<Pick<Facts, SettingName>> | undefined): string {
  if (field === 'cnam') return of?.cnam ? 'on' : 'off'
  if (field === 'refId') return of?.refId ? quoteExactly(of.refId) : 'none'
  return String(of?.epg)
}

const tierOf = (facts: Facts | undefined): string => harmless(facts?.tier ?? 'unknown', 10)
