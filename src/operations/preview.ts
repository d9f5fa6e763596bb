import type { Environment } from '../domain/account.ts'
import type { IntentRow, Unsettled } from '../journal/operation.ts'
import type { Plan } from './plan.ts'
import type { Part, Write } from './write.ts'

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
  write: Write,
  environment: Environment,
  { rows, refused }: Pick<Plan, 'rows' | 'refused'>,
  unsettled: readonly Unsettled[],
  most = numbersNamed,
): string[] {
  const sorted = [...rows].sort((a, b) => write.urgency(b) - write.urgency(a) || (a.tn < b.tn ? -1 : 1))
  const lines = [
    `${environment === 'sandbox' ? 'Sandbox, nothing is real. ' : ''}${rows.length === 0 ? 'Nothing is left to send.' : write.title(rows)}`,
    ...(rows.length > 1 ? [`In all: ${write.totals(rows).join(', ')}.`] : []),
    ...sorted.slice(0, most).map((row) => `${row.tn}: ${sentence(write.line(row))}`),
    ...together(write, sorted.slice(most)),
    ...unsettled.slice(0, most).map(olderOperation),
    ...alike(unsettled.slice(most).map(({ row }) => ({ tn: row.tn, what: 'an older operation is uncertain' }))),
    ...alike(
      refused.map(({ tn, meaning = '' }) => ({ tn, what: meaning })),
      'Not sent, ',
    ),
  ]
  return lines.some((line) => line.includes('(unverified')) ? [...lines, unverified] : lines
}

/** What the mark of `quoteUnverified` means, where it stands in a preview. */
const unverified = '(unverified): text that the carrier holds, and that anybody may have written.'

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

/** Numbers without a line of their own, under what becomes of them. */
function together(write: Write, rows: readonly IntentRow[]): string[] {
  const groups = grouped(rows.map((row) => ({ tn: row.tn, what: sentence(write.brief(row)) })))
  return groups.map(({ what, tns }) => `${sentence([`${tns.length} more`, what || undefined])}: ${tns.join(' ')}`)
}

/** A line for all numbers of which the same is to be said: none is left out. */
function alike(numbers: readonly { tn: string; what: string }[], before = ''): string[] {
  return grouped(numbers).map(({ what, tns }) =>
    tns.length === 1 ? `${before}${tns[0]}: ${what}.` : `${before}${tns.length} numbers, ${what}: ${tns.join(' ')}`,
  )
}

function grouped(numbers: readonly { tn: string; what: string }[]): { what: string; tns: string[] }[] {
  const groups = new Map<string, string[]>()
  for (const { tn, what } of numbers) groups.set(what, [...(groups.get(what) ?? []), tn])
  return [...groups].map(([what, tns]) => ({ what, tns }))
}

function olderOperation({ operationId, tool, row }: Unsettled): string {
  return `${row.tn}: how ${tool} ended in operation ${operationId} is still uncertain.`
}

const sentence = (parts: readonly Part[]): string => parts.filter((part) => part !== undefined).join(', ')
