import type { Environment } from '../carrier/carrier.ts'
import type { WriteTool } from '../carrier/outcomes.ts'
import { harmless, quote } from '../carrier/untrusted.ts'
import type { Facts, IntentRow, Unsettled } from '../journal/operation.ts'
import type { RowOutcome } from './envelope.ts'
import type { Reading } from './facts.ts'
import type { Plan } from './plan.ts'

/** Numbers that a preview names one by one; totals cover the rest. */
const numbersNamed = 20

/** Endpoint groups, tiers and so on that totals name one by one; the rest are counted. */
const groupsNamed = 10

/** Characters of the carrier's free text that a person is shown. */
const quotedCharacters = 40

/**
 * What a person reads before saying yes: only facts from the carrier, read fresh, and what the policy or the journal
 * knows. Nothing of it is in the model's words. The exceptional numbers come first.
 */
export function previewLines(
  tool: WriteTool,
  environment: Environment,
  plan: Plan,
  unsettled: readonly Unsettled[],
): string[] {
  const { rows, refused, readings } = plan
  const named = [...rows].sort((a, b) => exceptional(b, readings) - exceptional(a, readings) || (a.tn < b.tn ? -1 : 1))
  const left = rows.length - numbersNamed
  return [
    `${environment === 'sandbox' ? 'Sandbox, nothing is real. ' : ''}${titles[tool](rows)}`,
    ...(rows.length > 1 ? [totals(tool, rows)] : []),
    ...named.slice(0, numbersNamed).map((row) => `${row.tn}: ${lines[tool](row, readings.get(row.tn))}`),
    ...(left > 0 ? [`and ${left} more`] : []),
    ...unsettled.slice(0, numbersNamed).map(olderOperation),
    ...notSent(refused),
  ]
}

/** The title of the form's one field, and what must be typed into it. */
export function proofAsked(rows: readonly { tn: string }[]): { field: string; expected: string } {
  const [only, ...more] = rows
  return only !== undefined && more.length === 0
    ? { field: 'Last four digits of the number', expected: only.tn.slice(-4) }
    : { field: 'How many numbers', expected: String(rows.length) }
}

const numbers = ({ length }: readonly unknown[]): string => `${length} number${length === 1 ? '' : 's'}`

const titles: { readonly [tool in WriteTool]: (rows: readonly IntentRow[]) => string } = {
  reserveDID: (rows) => `Reserve ${numbers(rows)} for at most 30 minutes.`,
  assignDID: (rows) => `Assign ${numbers(rows)}. Billing starts at once and runs every month.`,
  configDID: (rows) => {
    const moved = rows.some(({ epg, before }) => epg !== before.epg)
    return `Reconfigure ${numbers(rows)} in service.${moved ? ' Live calls are routed elsewhere at once.' : ''}`
  },
  releaseDID: (rows) =>
    `Release ${numbers(rows)}. This cannot be undone: another company may take a released number within a minute.`,
}

const lines: { readonly [tool in WriteTool]: (row: IntentRow, reading: Reading | undefined) => string } = {
  reserveDID: ({ before }) => sentence([before.status, tierOf(before)]),
  assignDID: (row) =>
    sentence([
      row.before.status === 'reserved' ? 'reserved for you' : row.before.status,
      tierOf(row.before),
      `to endpoint group ${row.epg}`,
      row.cnam === undefined ? undefined : `CNAM dip ${onOff(row.cnam)}`,
      row.refId ? `reference ${quoted(row.refId, 64)} (as asked)` : undefined,
    ]),
  configDID: (row, reading) =>
    sentence([
      change('endpoint group', row.before.epg, row.epg),
      change('CNAM dip', onOff(row.before.cnam), onOff(row.cnam)),
      reference(row),
      row.before.has911 ? 'E911 address on file' : undefined,
      ...cannotKeep(reading),
    ]),
  releaseDID: ({ before }, reading) =>
    sentence([
      before.status === 'reserved' ? 'reserved for you' : 'assigned to you',
      before.epg === undefined ? undefined : `in service on endpoint group ${before.epg}`,
      tierOf(before),
      before.has911 ? 'E911 address on file' : undefined,
      before.refId ? `reference ${quoted(before.refId)} (unverified)` : undefined,
      reading?.did?.cnamName ? `caller name ${quoted(reading.did.cnamName)} (unverified)` : undefined,
    ]),
}

/** The present one is the carrier's text, the new one the call's: it is shown whole. */
function reference({ before, refId = '' }: IntentRow): string | undefined {
  const present = before.refId ?? ''
  if (present === '' && refId === '') return undefined
  const was = `reference ${quoted(present)} (unverified)`
  return present === refId ? `${was} stays` : `${was} -> ${quoted(refId, 64)} (as asked)`
}

/** What a change cannot hold fast, because the request has no field for it. */
function cannotKeep(reading: Reading | undefined): string[] {
  const did = reading?.did
  if (did === undefined) return []
  return [
    ...(did.rewrite !== undefined && did.rewrite !== did.tn
      ? [`warning: its rewrite ${quoted(did.rewrite)} may be lost`]
      : []),
    ...(did.failover ? [`warning: its failover ${quoted(did.failover)} may be lost`] : []),
    ...(did.forward ? [`warning: its forward ${quoted(did.forward)} may be lost`] : []),
  ]
}

function totals(tool: WriteTool, rows: readonly IntentRow[]): string {
  const by = (name: string, value: (row: IntentRow) => string | number | undefined) => {
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
  const groups = {
    reserveDID: () => [],
    assignDID: () => [
      ...by('to endpoint group', ({ epg }) => epg),
      ...by('with CNAM dip', ({ cnam }) => (cnam === undefined ? undefined : onOff(cnam))),
      ...by('with', ({ refId }) => (refId ? 'a reference' : undefined)),
    ],
    configDID: () => [
      ...by('from endpoint group', ({ before, epg }) => (epg === before.epg ? undefined : before.epg)),
      ...by('to endpoint group', ({ before, epg }) => (epg === before.epg ? undefined : epg)),
      ...by('with CNAM dip turned', ({ before, cnam }) =>
        onOff(before.cnam) === onOff(cnam) ? undefined : onOff(cnam),
      ),
      ...by('with', ({ before, refId }) => ((before.refId ?? '') === (refId ?? '') ? undefined : 'another reference')),
    ],
    releaseDID: () => by('on endpoint group', ({ before }) => before.epg),
  }[tool]()
  const emergency = rows.filter(({ before }) => before.has911).length
  const parts = [...groups, ...by('of', ({ before }) => tierOf(before))]
  return `In all: ${[...parts, `${emergency} with an E911 address on file`].join(', ')}.`
}

/** How much a person should look at this number first. */
function exceptional({ tn, before, refId }: IntentRow, readings: ReadonlyMap<string, Reading>): number {
  const did = readings.get(tn)?.did
  return (
    (before.has911 ? 4 : 0) +
    (did && cannotKeep(readings.get(tn)).length > 0 ? 2 : 0) +
    (before.refId || did?.cnamName || refId ? 1 : 0)
  )
}

function olderOperation({ operationId, tool, row }: Unsettled): string {
  return `${row.tn}: how ${tool} ended in operation ${operationId} is still uncertain.`
}

function notSent(refused: readonly RowOutcome[]): string[] {
  const shown = refused.slice(0, numbersNamed).map(({ tn, meaning }) => `Not sent, ${tn}: ${meaning}.`)
  const left = refused.length - numbersNamed
  return left > 0 ? [...shown, `Not sent: ${left} more.`] : shown
}

const sentence = (parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join(', ')

const tierOf = ({ tier }: Facts): string => `tier ${tier === undefined ? 'unknown' : harmless(tier, 10)}`
const onOff = (value: boolean | undefined): string => (value ? 'on' : 'off')
const quoted = (text: string, most = quotedCharacters): string => (text === '' ? 'none' : quote(text, most))

function change(name: string, from: string | number | undefined, to: string | number | undefined): string {
  return from === to ? `${name} stays ${from ?? 'unknown'}` : `${name} ${from ?? 'unknown'} -> ${to}`
}
