import type { PersonsJournal } from '../../app/open-journal.ts'
import type { JournalReader } from '../../app/who.ts'
import { quoteExactly } from '../../carrier/quoted.ts'
import { quote, visible } from '../../domain/untrusted.ts'
import type { Operation, OperationRow } from '../../journal/operation.ts'
import { confirmedInWords, meaningOf } from '../../operations/envelope.ts'
import { versioned } from '../../terminal/json.ts'
import { printFacts, printTable } from '../../terminal/table.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { formatUtc } from '../../terminal/utc.ts'
import { printText } from '../../terminal/wrap.ts'
import { describeOperation } from '../../tools/list-operations.ts'
import { describeAsked, describeFacts } from './describe-facts.ts'

/** `did-mcp operations ID`: one operation whole, with every number. */
export async function showOperation(
  journal: PersonsJournal,
  { id, json }: { id: string; json: boolean },
  reader: JournalReader,
  terminal: Terminal,
): Promise<number> {
  const operation = await journal.readOperation(id)
  if (operation === undefined) {
    terminal.fail(`There is no operation ${id}. The journal: ${reader.journal}`)
    return 1
  }
  if (json) terminal.print(versioned({ operation: describeWhole(operation) }))
  else {
    printOperation(operation, operation.rows, reader, terminal)
    printWayOut([operation], reader, terminal)
  }
  return 0
}

/** An operation as the tool listOperations answers it, with every number. */
export const describeWhole = (operation: Operation) => describeOperation(operation, operation.rows.length)

/** Who asked for what, on whose yes, and what is known of these of its numbers. */
export function printOperation(
  operation: Operation,
  rows: readonly OperationRow[],
  reader: Pick<JournalReader, 'now'>,
  terminal: Terminal,
): void {
  const { id, tool, status, startedAt, endedAt, confirmedBy, account, reason } = operation
  const ended = endedAt === undefined ? '' : `, ended ${formatUtc(endedAt)} UTC`
  terminal.print(terminal.strong(`${tool}, ${status}`))
  printFacts(terminal, [
    ['operation', id],
    ['started', `${formatUtc(startedAt)} UTC${ended}`],
    ['by', askedBy(operation)],
    ['yes', confirmedInWords(confirmedBy)],
    ['account', `${account.label}${account.environment === 'sandbox' ? ' (sandbox, nothing is real)' : ''}`],
    ['reason', reason ? quoteExactly(reason, " (the model's own words, unverified)") : ''],
    ['numbers', countsOf(operation)],
  ])
  terminal.print()
  const columns: [heading: string, cell: (row: OperationRow) => string][] = [
    ['NUMBER', ({ tn }) => tn],
    ['OUTCOME', outcomeOf],
    ['CODE', ({ code }) => String(code ?? '')],
    ['BEFORE', ({ before }) => describeFacts(before)],
    ['REQUEST', ({ asked }) => describeAsked(asked)],
    ['AFTER', ({ after }) => (after ? describeFacts(after) : '')],
  ]
  const filled = columns.filter(([, cell]) => rows.some((row) => cell(row) !== ''))
  printTable(
    terminal,
    filled.map(([heading]) => heading),
    rows.map((row) => filled.map(([, cell]) => cell(row))),
    rows.map((row) => {
      const known = knownOf(row, reader.now())
      return known === '' ? [] : [known]
    }),
  )
}

/** A number of an operation, what became of it and what is known of that, in one sentence. */
export function detailOf(row: OperationRow, { now }: Pick<JournalReader, 'now'>): string {
  return [row.tn, outcomeOf(row), row.code, knownOf(row, now())].filter(Boolean).join(', ')
}

/** Who asked, and with what: two agents of one user differ by their clients' names. */
export function askedBy({ caller, client }: Operation): string {
  return client ? `${caller} with ${quote(client)}` : caller
}

/** How many numbers came to what. */
export function countsOf({ rows }: Operation): string {
  const outcomes = ['open', 'done', 'failed', 'uncertain', 'not_attempted']
  const counts = outcomes.map((outcome) => [rows.filter((row) => outcomeOf(row) === outcome).length, outcome] as const)
  return counts.flatMap(([count, outcome]) => (count > 0 ? [`${count} ${outcome.replace('_', ' ')}`] : [])).join(', ')
}

const outcomeOf = ({ outcome }: OperationRow): string => outcome ?? 'open'

function knownOf(row: OperationRow, now: number) {
  const { outcome, code, words, seen, heldUntil, fencedUntil, inferred, resolvedBy } = row
  // That 100 is success is known; what a release answers, 106231, looks like an error.
  const meaning = code === 100 ? row.meaning : meaningOf(row)
  const seenAt = outcome === 'uncertain' && seen ? ` (as of ${formatUtc(seen.at)} UTC)` : ''
  return [
    meaning && `${meaning}${seenAt}`,
    // Of what went as asked the row itself says what the carrier said.
    words && (outcome !== 'done' || row.meaning) && `the carrier said ${quoteExactly(visible(words))}`,
    resolvedBy ? "a person's word" : inferred ? 'inferred from a query' : undefined,
    heldUntil && `held until ${formatUtc(heldUntil)} UTC`,
    outcome === 'uncertain' && fencedUntil !== undefined
      ? `${fencedUntil > now ? 'it may take effect until' : 'not asked again since'} ${formatUtc(fencedUntil)} UTC`
      : undefined,
  ]
    .filter(Boolean)
    .join(', ')
}

/** What can be done about numbers that nobody is sure of; of all, or of the one that was asked for. */
export function printWayOut(
  operations: readonly Operation[],
  { now, call }: JournalReader,
  terminal: Terminal,
  tn?: string | undefined,
): void {
  const { print } = terminal
  const due = operations.flatMap((operation) =>
    operation.rows
      .filter((row) => row.outcome === 'uncertain' && (row.fencedUntil ?? 0) <= now())
      .filter((row) => tn === undefined || row.tn === tn)
      .map((row) => ({ ...row, operation })),
  )
  if (operations.some(({ status }) => status === 'open')) {
    print()
    printText(
      'What is open is under way in a server. Where that is gone, the next one that starts for its account settles it.',
      terminal,
    )
  }
  const [first] = due
  if (first === undefined) return
  const asked = first.operation.account.instance
    ? ', as long as the server runs that embeds its carrier,'
    : ' from a client of its account'
  const left = due.length === 1 ? '1 number is uncertain' : `${due.length} numbers are uncertain`
  print()
  printText(
    `${left}: listOperations${asked} settles what a query can tell; or record what you know, done or failed:`,
    terminal,
  )
  print(`  ${call} operations resolve ${first.operation.id} --tn ${first.tn} --as OUTCOME`)
}
