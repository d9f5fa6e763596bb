import { visible } from '../carrier/untrusted.ts'
import type { Journal } from '../journal/journal.ts'
import type { Operation, OperationRow, OperationStatus } from '../journal/operation.ts'
import { describeOperation } from '../tools/list-operations.ts'
import { printTable } from './table.ts'
import { onlyAtTerminal, type Terminal } from './terminal.ts'
import { formatUtc } from './utc.ts'

export interface OperationsQuery {
  tn?: string | undefined
  tool?: string | undefined
  /** Milliseconds since 1970. */
  since?: number | undefined
  status?: OperationStatus | undefined
  limit: number
  json: boolean
}

/**
 * `did-mcp operations`: what was done to which number, of every account in the journal, newest first.
 *
 * @param name the journal's
 */
export async function listOperations(
  journal: Journal,
  { json, ...query }: OperationsQuery,
  name: string,
  terminal: Terminal,
): Promise<number> {
  const { operations, more } = await journal.operations(query)
  if (json) {
    terminal.print(JSON.stringify(operations.map(whole), null, 2))
    return 0
  }
  if (operations.length === 0) {
    terminal.print(`No operation fits. The journal: ${name}`)
    return 0
  }
  printTable(
    terminal,
    ['STARTED (UTC)', 'TOOL', 'STATUS', 'OPERATION', 'NUMBERS', 'BY', 'YES', 'ACCOUNT'],
    operations.map((operation) => [
      formatUtc(operation.startedAt),
      operation.tool,
      operation.status,
      operation.id,
      numbers(operation, query.tn),
      operation.caller,
      operation.confirmedBy,
      operation.account.label,
    ]),
    operations.map((operation) => details(operation, query.tn)),
  )
  if (more) terminal.print(`There are more: narrow with --tn, --tool, --since or --status, or raise --limit.`)
  return 0
}

export interface Resolution {
  id: string
  tn: string
  as: 'done' | 'failed'
  /** Who says so. */
  by: string
  /** Milliseconds since 1970. */
  at: number
}

/** `did-mcp operations resolve`: a person's word on an uncertain number, recorded as a person's word. */
export async function resolveOperation(journal: Journal, { id, tn, as, by, at }: Resolution, terminal: Terminal) {
  if (terminal.ask === undefined) return onlyAtTerminal(terminal)
  const operation = await journal.operation(id)
  const row = operation?.rows.find((one) => one.tn === tn)
  if (operation === undefined || row === undefined) {
    terminal.print(`There is no ${operation ? `${tn} in operation ${id}` : `operation ${id}`}. Nothing was recorded.`)
    return 1
  }
  if (row.outcome !== 'uncertain') {
    terminal.print(`${tn} in ${id} is ${row.outcome ?? 'still being sent'}, not uncertain. Nothing was recorded.`)
    return 1
  }
  if (row.fencedUntil !== undefined && row.fencedUntil > at) {
    const until = new Date(row.fencedUntil).toISOString()
    terminal.print(`The request may still take effect until ${until}: nobody can know before. Nothing was recorded.`)
    return 1
  }
  const typed = await terminal.ask(`${detail(row)}\nTo record it as ${as}, type the last four digits of the number: `)
  if (typed.trim() !== tn.slice(-4)) {
    terminal.print('That was not it. Nothing was recorded.')
    return 1
  }
  await journal.settle(id, [{ tn, outcome: as, meaning: `said ${as} by ${by}`, resolvedBy: by, late: true }], at)
  terminal.print(`Recorded: ${tn} in ${id} (${operation.tool}) is ${as}, on the word of ${by}.`)
  return 0
}

/** One number by name, several by their count and what became of them. */
function numbers({ rows, counts }: Operation, tn: string | undefined): string {
  if (tn !== undefined) return tn
  const [only, ...others] = rows
  if (only && others.length === 0) return only.tn
  const parts = [
    [counts.done, 'done'],
    [counts.failed, 'failed'],
    [counts.uncertain, 'uncertain'],
    [counts.notAttempted, 'not attempted'],
  ] as const
  return parts.flatMap(([count, word]) => (count > 0 ? [`${count} ${word}`] : [])).join(', ')
}

/** What is worth a second line: the one number that was asked for, and whatever did not go well. */
function details({ rows }: Operation, tn: string | undefined): string[] {
  const shown = rows.filter((row) => (tn === undefined ? row.outcome !== 'done' : row.tn === tn))
  const lines = shown.slice(0, 5).map(detail)
  return shown.length > 5 ? [...lines, `and ${shown.length - 5} more`] : lines
}

function detail({ tn, outcome, code, meaning, inferred, resolvedBy, fencedUntil }: OperationRow): string {
  const how = resolvedBy ? "a person's word" : inferred ? 'inferred from a query' : undefined
  const watch =
    outcome === 'uncertain' && fencedUntil ? `watched until ${new Date(fencedUntil).toISOString()}` : undefined
  return [tn, outcome ?? 'open', code, meaning, how, watch].filter((part) => part !== undefined).join(', ')
}

/** With every number, and what the carrier said to it, for whoever asks the carrier: as it said it, without what cannot be seen. */
function whole(operation: Operation) {
  const { rows } = operation
  const said = new Map(rows.flatMap(({ tn, words }) => (words === undefined ? [] : [[tn, { words: visible(words) }]])))
  const { results, ...described } = describeOperation(operation, rows.length)
  return { ...described, results: results.map((result) => ({ ...result, ...said.get(result.tn) })) }
}
