import type { Unreadable } from '../carrier/asking.ts'
import type { Did } from '../carrier/carrier.ts'
import { legible } from '../domain/untrusted.ts'

/**
 * Numbers as CSV (RFC 4180): a line of headings, then one line a number, each ended by CRLF. What the carrier did not
 * say is an empty cell. Nothing in it begins a formula, whichever character a spreadsheet takes for its separator.
 *
 * @param show makes a text of the carrier's fit for whoever reads the file
 */
export function csvOf(rows: Iterable<Did>, show: (text: string) => string = whole): string {
  let text = csvHeadings()
  for (const row of rows) text += csvLine(row, show)
  return text
}

/** The first line of such a file, with its end. */
export function csvHeadings(): string {
  return `${columns.join(',')}\r\n`
}

/** One number's line, with its end. Texts are as the carrier wrote them, without what cannot be seen. */
export function csvLine(row: Did, show: (text: string) => string = whole): string {
  return `${columns.map((column) => cell(row[column], show)).join(',')}\r\n`
}

/** Any cells as one line, with its end, as safe as a number's. */
export function csvRow(cells: readonly (string | number | boolean | undefined)[]): string {
  return `${cells.map((one) => cell(one, whole)).join(',')}\r\n`
}

/** A line for each row that could not be read: no number, and the row as it came for a status. */
export function csvOfUnreadable({ count, rows }: Unreadable): string {
  const lines = rows.map((row) => `not readable: ${row}`)
  if (count > rows.length) lines.push(`not readable: ${count - rows.length} more`)
  return lines
    .map((status) => `${columns.map((column) => (column === 'status' ? cell(status, whole) : '')).join(',')}\r\n`)
    .join('')
}

/** The rows of a CSV page of the account's numbers: as many as a client shows whole. */
export const rowsPerPage = 500

/** An account without numbers has one page, of headings. */
export const pagesOf = (rows: number): number => Math.max(1, Math.ceil(rows / rowsPerPage))

/** The resource that a page of the account is read at. */
export const pageUri = (page: number | '{page}'): string => `did://account/dids/${page}.csv`

const whole = (text: string): string => legible(text, Number.POSITIVE_INFINITY)

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

function cell(value: string | number | boolean | undefined, show: (text: string) => string): string {
  if (typeof value !== 'string') return value === undefined ? '' : String(value)
  const text = show(value).replace(formulas, "$1'")
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/**
 * The places where a formula would begin: a cell's start, or behind what another country's spreadsheet takes for a separator, quotes
 * or not. In full width too: some spreadsheets read both.
 */
const formulas = /((?:^|[;,|\t])[\s"]*)(?=[=+\-@＝＋－＠])/g
