import type { Operation, OperationRow } from '../../journal/operation.ts'
import { csvRow } from '../../listings/csv.ts'
import { confirmedInWords, meaningOf } from '../../operations/envelope.ts'

/** Operations as CSV: a line for each number of each, so that a spreadsheet can filter by either. */
export function csvOfOperations(operations: readonly Operation[]): string {
  const lines = operations.flatMap((operation) =>
    operation.rows.map((row) => csvRow(columns.map(([, cell]) => cell(operation, row)))),
  )
  return [csvRow(columns.map(([heading]) => heading)), ...lines].join('')
}

type Cell = (operation: Operation, row: OperationRow) => string | number | boolean | undefined

const time = (at: number | undefined): string | undefined => (at === undefined ? undefined : new Date(at).toISOString())

/** Under the names of `--json`. */
const columns: readonly (readonly [heading: string, cell: Cell])[] = [
  ['startedAt', ({ startedAt }) => time(startedAt)],
  ['endedAt', ({ endedAt }) => time(endedAt)],
  ['tool', ({ tool }) => tool],
  ['tn', (_, { tn }) => tn],
  ['outcome', (_, { outcome }) => outcome ?? 'open'],
  ['code', (_, { code }) => code],
  ['meaning', (_, row) => (row.outcome === undefined ? undefined : meaningOf(row))],
  ['inferred', (_, { inferred }) => inferred],
  ['caller', ({ caller }) => caller],
  ['client', ({ client }) => client],
  ['confirmedBy', ({ confirmedBy }) => confirmedInWords(confirmedBy)],
  ['reason', ({ reason }) => reason],
  ['environment', ({ account }) => account.environment],
  ['account', ({ account }) => account.label],
  ['operation', ({ id }) => id],
  ['status', ({ status }) => status],
]
