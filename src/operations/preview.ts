import { quoteExactly, quoteUnverified } from '../carrier/quoted.ts'
import type { Environment } from '../domain/account.ts'
import type { Facts } from '../domain/facts.ts'
import type { WriteTool } from '../domain/write-tool.ts'
import type { IntentRow, Unsettled } from '../journal/operation.ts'
import type { Plan } from './plan.ts'
import { onOff, routing, tierOf, totals } from './totals.ts'

/** Numbers that have a line each in a form, at most; the others stand under what becomes of them. */
const numbersNamed = 20

/** What a person can be asked to read in one form, characters. */
const formCharacters = 4_000

/**
 * What a person reads before saying yes: only facts from the carrier, read fresh, and what the policy or the journal
 * knows. Nothing of it is in the model's words but a reference, which stands there as it would be written. The
 * exceptional numbers come first; at most `most` have a line of their own, and of every one it is said what is written.
 */
export function previewLines(
  tool: WriteTool,
  environment: Environment,
  { rows, refused }: Pick<Plan, 'rows' | 'refused'>,
  unsettled: readonly Unsettled[],
  most = numbersNamed,
): string[] {
  const sorted = [...rows].sort((a, b) => exceptional(b) - exceptional(a) || (a.tn < b.tn ? -1 : 1))
  return [
    `${environment === 'sandbox' ? 'Sandbox, nothing is real. ' : ''}${titles[tool](rows)}`,
    ...(rows.length > 1 ? [totals(tool, rows)] : []),
    ...sorted.slice(0, most).map((row) => `${row.tn}: ${sentence(lines[tool](row))}`),
    ...together(tool, sorted.slice(most)),
    ...counted(unsettled, most, olderOperation, (left) => `and ${left} more whose older operations are uncertain.`),
    ...counted(
      refused,
      most,
      ({ tn, meaning }) => `Not sent, ${tn}: ${meaning}.`,
      (left) => `Not sent: ${left} more.`,
    ),
  ]
}

/**
 * The lines of a form that asks for this, with fewer numbers in lines of their own where it would be too long; undefined
 * where it is still too long: what a client cuts off was not shown to anybody.
 *
 * @param before what stands before the lines in its longest case
 */
export function formLines(lines: (most: number) => readonly string[], before: string): readonly string[] | undefined {
  for (const most of [numbersNamed, numbersNamed / 2, numbersNamed / 4]) {
    const form = lines(most)
    if ([before, ...form].join('\n').length <= formCharacters) return form
  }
  return undefined
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
  assignDID: (rows) =>
    `Assign ${numbers(rows)}. Billing starts at once and runs every month; the prices are not known here, they go by tier.`,
  configDID: (rows) => {
    const moved = rows.some(({ asked, before }) => asked.epg !== before.epg)
    return `Reconfigure ${numbers(rows)} in service.${moved ? ' Live calls are routed elsewhere at once.' : ''}`
  },
  releaseDID: (rows) =>
    `Release ${numbers(rows)}. This cannot be undone: another company may take a released number within a minute.`,
}

type Part = string | undefined

const lines: { readonly [tool in WriteTool]: (row: IntentRow) => readonly Part[] } = {
  reserveDID: (row) => [row.before.status, tierOf(row.before), placeOf(row.before), ...settings(row)],
  assignDID: (row) => [
    row.before.status === 'reserved' ? 'reserved for you' : row.before.status,
    tierOf(row.before),
    placeOf(row.before),
    ...settings(row),
  ],
  configDID: (row) => [
    change('endpoint group', row.before.epg, row.asked.epg),
    change('CNAM dip', onOff(row.before.cnam), onOff(row.asked.cnam)),
    reference(row),
    tierOf(row.before),
    placeOf(row.before),
    emergency(row.before),
    ...routing(row.before).map((name) => `warning: its ${told(name, row.before[name])} may be lost`),
  ],
  releaseDID: ({ before }) => [
    before.status === 'reserved' ? 'reserved for you' : 'assigned to you',
    before.epg === undefined ? undefined : `in service on endpoint group ${before.epg}`,
    tierOf(before),
    placeOf(before),
    emergency(before),
    ...routing(before).map((name) => told(name, before[name])),
    told('DID group', before.didGroupId),
    told('reference', before.refId),
    told('caller name', before.cnamName),
  ],
}

/** All that is written, and what is lost by it, for numbers without a line of their own; the rest is in the totals. */
const brief: { readonly [tool in WriteTool]: (row: IntentRow) => readonly Part[] } = {
  reserveDID: settings,
  assignDID: settings,
  configDID: (row) => [
    change('endpoint group', row.before.epg, row.asked.epg),
    change('CNAM dip', onOff(row.before.cnam), onOff(row.asked.cnam)),
    (row.before.refId ?? '') === (row.asked.refId ?? '')
      ? 'reference kept'
      : `reference -> ${asAsked(row.asked.refId ?? '')}`,
    emergency(row.before),
    ...routing(row.before).map((name) => `warning: its ${name} may be lost`),
  ],
  releaseDID: ({ before }) => [
    before.epg === undefined ? undefined : `on endpoint group ${before.epg}`,
    emergency(before),
    ...routing(before).map((name) => `with a ${name}`),
  ],
}

/** What is sent of these three, exactly; what is not told is not sent. */
function settings({ asked: { epg, cnam, refId } }: IntentRow): Part[] {
  return [
    epg === undefined ? undefined : `to endpoint group ${epg}`,
    cnam === undefined ? undefined : `CNAM dip ${onOff(cnam)}`,
    refId === undefined ? undefined : `reference ${asAsked(refId)}`,
  ]
}

/** The present reference is the carrier's text, a new one the call's: that is shown whole. */
function reference({ before, asked: { refId = '' } }: IntentRow): Part {
  const present = before.refId ?? ''
  if (present === refId) return present === '' ? undefined : `reference kept: ${quoteUnverified(present)}`
  return `reference ${present === '' ? 'none' : quoteUnverified(present)} -> ${asAsked(refId)}`
}

const asAsked = (refId: string): string => (refId === '' ? 'none (as asked)' : quoteExactly(refId, ' (as asked)'))

/** Numbers without a line of their own, under what becomes of them. */
function together(tool: WriteTool, rows: readonly IntentRow[]): string[] {
  const groups = new Map<string, string[]>()
  for (const row of rows) {
    const what = sentence(brief[tool](row))
    groups.set(what, [...(groups.get(what) ?? []), row.tn])
  }
  return [...groups].map(([what, tns]) => `${sentence([`${tns.length} more`, what || undefined])}: ${tns.join(' ')}`)
}

/** How much a person should look at this number first. */
function exceptional({ before, asked }: IntentRow): number {
  return (
    (before.has911 ? 4 : 0) +
    (routing(before).length > 0 ? 2 : 0) +
    (before.refId || before.cnamName || before.didGroupId || asked.refId ? 1 : 0)
  )
}

function olderOperation({ operationId, tool, row }: Unsettled): string {
  return `${row.tn}: how ${tool} ended in operation ${operationId} is still uncertain.`
}

/** A line each for the first of them, and one that counts the rest. */
function counted<T>(
  items: readonly T[],
  most: number,
  line: (item: T) => string,
  rest: (left: number) => string,
): string[] {
  const left = items.length - most
  return [...items.slice(0, most).map(line), ...(left > 0 ? [rest(left)] : [])]
}

const sentence = (parts: readonly Part[]): string => parts.filter((part) => part !== undefined).join(', ')

/** What a table of numbers has no column for. */
export function besideOf(before: Facts): string {
  return sentence([
    placeOf(before),
    ...routing(before).map((name) => told(name, before[name])),
    told('DID group', before.didGroupId),
    told('caller name', before.cnamName),
  ])
}

const told = (name: string, text: string | undefined): Part => (text ? `${name} ${quoteUnverified(text)}` : undefined)

const emergency = ({ has911 }: Facts): Part => (has911 ? 'E911 address on file' : undefined)

/** Where the number lies. What is no ordinary name is quoted: it would read as something else. */
function placeOf({ rateCenter, state }: Facts): Part {
  const places = [rateCenter, state].filter((place) => place !== undefined)
  const named = places.map((place) => (ordinary.test(place) ? place : quoteUnverified(place)))
  return named.length === 0 ? undefined : `in ${named.join(' ')}`
}

const ordinary = /^\p{L}[\p{L}\p{N} .'-]{0,24}$/u

function change(name: string, from: string | number | undefined, to: string | number | undefined): string {
  return from === to ? `${name} stays ${from ?? 'unknown'}` : `${name} ${from ?? 'unknown'} -> ${to}`
}
