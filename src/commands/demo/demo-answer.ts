import { columnsThatFit, gap, rowLine } from '../../terminal/table.ts'
import { flow, wrap } from '../../terminal/wrap.ts'

/**
 * The text of a tool's answer in lines that a person reads: fields beside each other, tables in columns, nothing broken
 * but between words, and what only a program reads cut short.
 *
 * @param width columns of a line
 * @param first columns of a table that stand before the others; those for which no room is left are named below it
 */
export function answerLines(text: string, width: number, first: readonly string[] = []): string[] {
  const lines = shortened(text).split('\n')
  const shown: string[] = []
  let fields: string[] = []
  const endFields = () => {
    shown.push(
      ...flow(
        fields.flatMap((field) => wrap(field, width)),
        gap,
        width,
      ),
    )
    fields = []
  }
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const [, name, count, columns] = tableHead.exec(line) ?? []
    if (name !== undefined && columns !== undefined) {
      endFields()
      shown.push(...tableLines(takeTable(name, columns.split('|'), Number(count), lines), width, first))
    } else if (field.test(line)) {
      fields.push(cut(line))
    } else {
      endFields()
      const [head = '', ...rest] = wrap(line, width - hang.length)
      shown.push(head, ...rest.map((more) => hang + more))
    }
  }
  endFields()
  return shown
}

/** Tickets and cursors, in calls and in answers: only a program reads them to their end. */
export function shortened(text: string): string {
  return text.replace(/\b(ticket_[\w-]{6})[\w-]{16}(?![\w-])/g, '$1…').replace(/^(nextCursor: .{12}).*$/gm, '$1…')
}

const hang = '  '

/** A line of one field, as `total: 11`. */
const field = /^[A-Za-z]+: /

/** The head of a table, as `dids (5): tn|state|tier`; a line a row follows. */
const tableHead = /^(\w+) \((\d+)\): (.+)$/

/** The most characters of one field. */
const mostCharacters = 150

function cut(text: string): string {
  if (text.length <= mostCharacters) return text
  const part = text.slice(0, mostCharacters)
  return `${part.slice(0, part.lastIndexOf(', ') + 2)}…`
}

interface Table {
  name: string
  columns: readonly string[]
  rows: readonly (readonly string[])[]
  /** Tables that lie in a row, by their names alone. */
  inner: readonly string[]
}

/** Takes the rows of a table off the lines, with whatever lies deeper in them. */
function takeTable(name: string, columns: readonly string[], count: number, lines: string[]): Table {
  const rows: string[][] = []
  const inner = new Set<string>()
  for (let line = lines[0]; line !== undefined; line = lines[0]) {
    const deeper = /^ +(?:(\w+) \(\d+\): )?/.exec(line)
    if (deeper === null && rows.length === count) break
    if (deeper === null) rows.push(line.split('|'))
    else if (deeper[1] !== undefined) inner.add(deeper[1])
    lines.shift()
  }
  return { name, columns, rows, inner: [...inner] }
}

/** One row as fields, several in columns. */
function tableLines({ name, columns, rows, inner }: Table, width: number, first: readonly string[]): string[] {
  const [only, ...others] = rows
  if (only !== undefined && others.length === 0) {
    const fields = columns.flatMap((column, index) =>
      only[index] ? wrap(cut(`${column}: ${only[index]}`), width) : [],
    )
    return flow(fields, gap, width)
  }
  const ordered = [...columns].sort((a, b) => rank(a, first) - rank(b, first))
  const cells = [ordered, ...rows.map((row) => ordered.map((column) => row[columns.indexOf(column)] ?? ''))]
  const widths = ordered.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  const fitting = columnsThatFit(widths, width)
  const left = [...ordered.slice(fitting), ...inner]
  return [
    `${name}:`,
    ...cells.map((row) => rowLine(row.slice(0, fitting), widths)),
    ...(left.length > 0 ? wrap(`more in each: ${left.join(', ')}`, width) : []),
  ]
}

function rank(column: string, first: readonly string[]): number {
  const index = first.indexOf(column)
  return index === -1 ? first.length : index
}
