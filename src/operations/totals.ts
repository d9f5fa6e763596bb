import type { Facts } from '../domain/facts.ts'
import { harmless } from '../domain/untrusted.ts'
import type { WriteTool } from '../domain/write-tool.ts'
import type { IntentRow } from '../journal/operation.ts'

/** Endpoint groups, tiers and so on that totals name one by one; the rest are counted. */
const groupsNamed = 10

/** What becomes of all numbers together, in one sentence that leaves none out. */
export function totals(tool: WriteTool, rows: readonly IntentRow[]): string {
  const by = (name: string, value: (row: IntentRow) => string | number | undefined) => tally(rows, name, value)
  const of = (what: string, is: (row: IntentRow) => unknown) => `${rows.filter(is).length} ${what}`
  const set = () => [
    ...by('to endpoint group', ({ asked }) => asked.epg),
    ...by('with CNAM dip', ({ asked: { cnam } }) => (cnam === undefined ? undefined : onOff(cnam))),
    ...by('with', ({ asked }) => (asked.refId ? 'a reference' : undefined)),
  ]
  const groups = {
    reserveDID: set,
    assignDID: set,
    configDID: () => [
      ...by('from endpoint group', ({ before, asked }) => (asked.epg === before.epg ? undefined : before.epg)),
      ...by('to endpoint group', ({ before, asked }) => (asked.epg === before.epg ? undefined : asked.epg)),
      ...by('with CNAM dip turned', ({ before, asked }) =>
        onOff(before.cnam) === onOff(asked.cnam) ? undefined : onOff(asked.cnam),
      ),
      ...by('with', ({ before, asked }) =>
        (before.refId ?? '') === (asked.refId ?? '') ? undefined : 'another reference',
      ),
    ],
    releaseDID: () => by('on endpoint group', ({ before }) => before.epg),
  }[tool]()
  const parts = [
    ...groups,
    ...by('of', ({ before }) => tierOf(before)),
    of('with an E911 address on file', ({ before }) => before.has911),
    ...by('with', ({ before }) =>
      routing(before).length > 0 ? 'a rewrite, failover or forward of its own' : undefined,
    ),
  ]
  return `In all: ${parts.join(', ')}.`
}

/** Where calls go beside the endpoint group: what a change has no field for, and what ends with a release. */
export function routing(before: Facts): ('rewrite' | 'failover' | 'forward')[] {
  return (['rewrite', 'failover', 'forward'] as const).filter((name) => before[name])
}

export const tierOf = ({ tier }: Facts): string => `tier ${tier === undefined ? 'unknown' : harmless(tier, 10)}`
export const onOff = (value: boolean | undefined): string => (value ? 'on' : 'off')

/** How many numbers share each value, the most first. */
function tally(
  rows: readonly IntentRow[],
  name: string,
  value: (row: IntentRow) => string | number | undefined,
): string[] {
  const counted = new Map<string, number>()
  for (const row of rows) {
    const key = value(row)
    if (key !== undefined) counted.set(String(key), (counted.get(String(key)) ?? 0) + 1)
  }
  const groups = [...counted].sort((a, b) => b[1] - a[1])
  const named = groups.slice(0, groupsNamed).map(([key, count]) => `${count} ${name} ${key}`)
  const rest = groups.slice(groupsNamed)
  const left = rest.reduce((sum, [, count]) => sum + count, 0)
  return left > 0 ? [...named, `${left} ${name} one of ${rest.length} others`] : named
}
