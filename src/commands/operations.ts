import type { PersonsJournal } from '../app/open-journal.ts'
import type { JournalReader } from '../app/who.ts'
import type { Operation, OperationStatus } from '../journal/operation.ts'
import { printTable } from '../terminal/table.ts'
import { onlyAtTerminal, type Terminal } from '../terminal/terminal.ts'
import { formatUtc } from '../terminal/utc.ts'
import { asJson, countsOf, detailOf, printOperation, printWayOut } from './shown/one-operation.ts'

export interface OperationsQuery {
  tn?: string | undefined
  tool?: string | undefined
  /** Milliseconds since 1970. */
  since?: number | undefined
  status?: OperationStatus | undefined
  limit: number
  json: boolean
}

/** `did-mcp operations`: what was done to which number, of every account in the journal, newest first. */
export async function listOperations(
  journal: PersonsJournal,
  { json, ...query }: OperationsQuery,
  reader: JournalReader,
  terminal: Terminal,
): Promise<number> {
  const { operations, more } = await journal.operations(query)
  if (json) terminal.print(asJson(operations))
  else if (operations.length === 0) terminal.print(`No operation fits. The journal: ${reader.journal}`)
  else printOperations(operations, query.tn, reader, terminal)
  if (more) {
    const way = 'narrow with --tn, --tool, --since or --status, or raise --limit (10000 at most)'
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
      operation.caller,
      operation.confirmedBy,
      operation.account.label,
    ]),
    operations.map((operation) => details(operation, tn, reader)),
  )
  printWayOut(operations, reader, terminal, tn)
}

export interface Resolution {
  id: string
  tn: string
  as: 'done' | 'failed'
}

/** `did-mcp operations resolve`: a person's word on an uncertain number, recorded as a person's word. */
export async function resolveOperation(
  journal: PersonsJournal,
  { id, tn, as }: Resolution,
  reader: JournalReader,
  terminal: Terminal,
): Promise<number> {
  const { print, ask } = terminal
  if (ask === undefined) return onlyAtTerminal(terminal)
  const operation = await journal.operation(id)
  const row = operation?.rows.find((one) => one.tn === tn)
  if (operation === undefined || row === undefined) {
    print(`There is no ${operation ? `${tn} in operation ${id}` : `operation ${id}`}. Nothing was recorded.`)
    return 1
  }
  if (row.outcome !== 'uncertain') {
    print(`${tn} in ${id} is ${row.outcome ?? 'still being sent'}, not uncertain. Nothing was recorded.`)
    return 1
  }
  if (row.fencedUntil !== undefined && row.fencedUntil > reader.now()) {
    const until = `${formatUtc(row.fencedUntil)} UTC`
    print(`The request may still take effect until ${until}: nobody can know before. Nothing was recorded.`)
    return 1
  }
  printOperation(operation, [row], reader, terminal)
  print()
  const typed = await ask(`To record it as ${as}, type the last four digits of the number: `)
  if (typed?.trim() !== tn.slice(-4)) {
    print(typed === undefined ? 'Nothing was recorded.' : 'That was not it. Nothing was recorded.')
    return 1
  }
  const { by } = reader
  const settled = { tn, outcome: as, meaning: `said ${as} by ${by}`, resolvedBy: by, late: true }
  await journal.settle(id, [settled], reader.now())
  print(`Recorded: ${tn} in ${id} (${operation.tool}) is ${as}, on the word of ${by}.`)
  return 0
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
