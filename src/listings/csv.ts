import type { Did } from '../carrier/carrier.ts'
import { visible } from '../carrier/untrusted.ts'

/**
 * Numbers as CSV (RFC 4180): a line of headings, then one line a number, each ended by CRLF. What the carrier did not
 * say is an empty cell. Texts are whole and as the carrier wrote them, without what cannot be seen, and a cell that a
 * spreadsheet would run as a formula begins with an apostrophe.
 */
export function csvOf(rows: Iterable<Did>): string {
  let text = csvHeadings()
  for (const row of rows) text += csvLine(row)
  return text
}

/** The first line of such a file, with its end. */
export function csvHeadings(): string {
  return `${columns.join(',')}\r\n`
}

/** One number's line, with its end. */
export function csvLine(row: Did): string {
  return `${columns.map((column) => cell(row[column])).join(',')}\r\n`
}

/** What tells most first, then the rest, under the carrier's names. */
const columns: readonly (keyof Did)[] = [
  'tn',
  'endpointId',
  'state',
  'rateCenter',
  'tier',
  'refId',
  'has911',
  'has411',
  'cnam',
  'cnamName',
  'cnamStorageActive',
  'cnamStorageAvailability',
  't38',
  'rewrite',
  'forward',
  'failover',
  'network',
  'didGroupId',
  'expireDate',
  'availability',
  'statusCode',
  'status',
]

function cell(value: string | number | boolean | undefined): string {
  if (typeof value !== 'string') return value === undefined ? '' : String(value)
  const text = visible(value, Number.POSITIVE_INFINITY)
  const harmless = formula.test(text) ? `'${text}` : text
  return /[",]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/** What begins a formula, in full width too: some spreadsheets read both. */
const formula = /^[=+\-@＝＋－＠]/
