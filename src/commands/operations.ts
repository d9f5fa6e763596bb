import type { PersonsJournal } from '../app/open-journal.ts'
import type { JournalReader } from '../app/who.ts'
import { quote } from '../domain/untrusted.ts'
import type { Operation, OperationStatus } from '../journal/operation.ts'
import { confirmedInWords } from '../operations/envelope.ts'
import { versioned } from '../terminal/json.ts'
import { printTable } from '../terminal/table.ts'
import { onlyAtTerminal, type Terminal } from '../terminal/terminal.ts'
import { formatUtc } from '../terminal/utc.ts'
import { printText } from '../terminal/wrap.ts'
import { askedBy, countsOf, describeWhole, detailOf, printOperation, printWayOut } from './shown/one-operation.ts'
import { csvOfOperations } from './shown/operations-csv.ts'

export interface OperationsQuery {
  tn?: string | undefined
  tool?: string | undefined
  /** Started at or after, milliseconds since 1970. */
  since?: number | undefined
  /** Started before, milliseconds since 1970. */
  until?: number | undefined
  /** The account, as the journal calls it. */
  account?: string | undefined
  caller?: string | undefined
  status?: OperationStatus | undefined
  limit: number
  json: boolean
  csv?: boolean | undefined
}

/** `did-mcp operations`: what was done to which number, of every account in the journal, newest first. */
export async function listOperations(
  journal: PersonsJournal,
  { json, csv, account, ...query }: OperationsQuery,
  reader: JournalReader,
  terminal: Terminal,
): Promise<number> {
  const { operations, more } = await journal.readOperations({ ...query, label: account })
  if (json) terminal.print(versioned({ operations: operations.map(describeWhole), more }))
  else if (csv) terminal.write(csvOfOperations(operations))
  else if (operations.length === 0) terminal.print(`No operation fits. The journal: ${reader.journal}`)
  else printOperations(operations, query.tn, reader, terminal)
  if (more) {
    const way =
      'narrow with --tn, --tool, --since, --until, --status, --account or --caller, or raise --limit (10000 at most)'
    terminal.fail(`There are more than these ${operations.length}: ${way}.`)
  }
  return 0
}

function printOperations(
  operations: readonly Operation[],
  tn: string | undefined,
  reader: JournalReader,
  terminal: Terminal,
): void {
  printTable(
    terminal,
    ['STARTED (UTC)', 'TOOL', 'STATUS', 'OPERATION', 'NUMBERS', 'BY', 'YES', 'ACCOUNT'],
    operations.map((operation) => [
      formatUtc(operation.startedAt),
      operation.tool,
      operation.status,
      operation.id,
      numbers(operation, tn),
      askedBy(operation),
      confirmedInWords(operation.confirmedBy),
      operation.account.label,
    ]),
    operations.map((operation) => details(operation, tn, reader)),
  )
  printWayOut(operations, reader, terminal, tn)
}

export interface Resolution {
  id: string
  /** Each once. */
  tn: readonly string[]
  as: 'done' | 'failed'
  /** What the word stands on. */
  note?: string | undefined
}

/** `did-mcp operations resolve`: a person's word on uncertain numbers of one operation, recorded as a person's word: on all or none. */
export async function resolveOperation(
  journal: PersonsJournal,
  { id, tn, as, note }: Resolution,
  reader: JournalReader,
  terminal: Terminal,
): Promise<number> {
  const { print, ask } = terminal
  if (ask === undefined) return onlyAtTerminal(terminal)
  const tns = [...new Set(tn)]
  const operation = await journal.readOperation(id)
  const rows = operation?.rows.filter((row) => tns.includes(row.tn)) ?? []
  const obstacles =
    operation === undefined ? [`There is no operation ${id}.`] : tns.flatMap((one) => obstacle(one, operation, reader))
  if (operation === undefined || obstacles.length > 0) {
    for (const line of obstacles) print(line)
    print('Nothing was recorded.')
    return 1
  }
  printOperation(operation, rows, reader, terminal)
  print()
  if (note !== undefined) printText(`The note that is kept: ${quote(note)}`, terminal)
  const [only = ''] = tns
  const { field, expected } =
    tns.length === 1
      ? { field: 'the last four digits of the number', expected: only.slice(-4) }
      : { field: `how many numbers these are`, expected: String(tns.length) }
  const typed = await ask(`To record ${tns.length === 1 ? 'it' : 'them'} as ${as}, type ${field}: `)
  if (typed?.trim() !== expected) {
    print(typed === undefined ? 'Nothing was recorded.' : 'That was not it. Nothing was recorded.')
    return 1
  }
  const { by } = reader
  const meaning = `said ${as} by ${by}${note === undefined ? '' : `: ${quote(note)}`}`
  const settled = tns.map((one) => ({ tn: one, outcome: as, meaning, resolvedBy: by, late: true }))
  await journal.settleNumbers(id, settled, reader.now())
  printText(
    `Recorded: ${tns.join(', ')} in ${id} (${operation.tool}) ${tns.length === 1 ? 'is' : 'are'} ${as}, on the word of ${by}.`,
    terminal,
  )
  return 0
}

/** Why nobody can say yet, or any more, what became of a number; nothing where a person can. */
function obstacle(tn: string, { id, rows }: Operation, { now }: JournalReader): string[] {
  const row = rows.find((one) => one.tn === tn)
  if (row === undefined) return [`There is no ${tn} in operation ${id}.`]
  if (row.outcome !== 'uncertain') return [`${tn} in ${id} is ${row.outcome ?? 'still being sent'}, not uncertain.`]
  if (row.fencedUntil === undefined || row.fencedUntil <= now()) return []
  return [`${tn}: the request may still take effect until ${formatUtc(row.fencedUntil)} UTC, nobody can know before.`]
}

/** One number by name, several by their count and what became of them. */
function numbers(operation: Operation, tn: string | undefined): string {
  const [only, ...others] = operation.rows
  return tn ?? (only && others.length === 0 ? only.tn : countsOf(operation))
}

/** What is worth a second line: the one number that was asked for, and whatever did not go well. */
function details({ rows }: Operation, tn: string | undefined, reader: JournalReader): string[] {
  const shown = rows.filter((row) => (tn === undefined ? row.outcome !== 'done' : row.tn === tn))
  const lines = shown.slice(0, 5).map((row) => detailOf(row, reader))
  return shown.length > 5 ? [...lines, `and ${shown.length - 5} more`] : lines
}
