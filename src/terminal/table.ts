import { visible } from '../domain/untrusted.ts'
import type { Terminal } from './terminal.ts'
import { flow, wrap } from './wrap.ts'

/**
 * Rows under strong headings, each column as wide as it must be, and below each row its details. No cell is ever cut: as
 * many columns as fit stand in the table, the others below their row, each with its heading.
 */
export function printTable(
  terminal: Pick<Terminal, 'print' | 'strong' | 'dim' | 'width'>,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  details: readonly (readonly string[])[] = [],
): void {
  const { print, strong, dim, width } = terminal
  const cells = rows.map((row) => row.map((cell) => visible(cell, Number.POSITIVE_INFINITY)))
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...cells.map((row) => row[column]?.length ?? 0)),
  )
  const columns = columnsThatFit(widths, width)
  print(strong(rowLine(headings.slice(0, columns), widths)))
  for (const [index, row] of cells.entries()) {
    print(rowLine(row.slice(0, columns), widths))
    const left = headings.slice(columns).flatMap((heading, more) => {
      const cell = row[columns + more]
      return cell ? wrap(`${heading} ${cell}`, width - indent.length) : []
    })
    for (const below of flow(left, gap, width - indent.length)) print(indent + below)
    for (const detail of details[index] ?? []) {
      for (const below of wrap(visible(detail, Number.POSITIVE_INFINITY), width - indent.length))
        print(dim(indent + below))
    }
  }
}

/** Facts under each other, each after its name; none of what is empty. */
export function printFacts(
  { print, dim, width }: Pick<Terminal, 'print' | 'dim' | 'width'>,
  facts: readonly (readonly [name: string, text: string])[],
): void {
  const widest = Math.max(...facts.map(([name]) => name.length))
  const room = width - widest - gap.length
  for (const [name, text] of facts.filter(([, text]) => text !== '')) {
    const [first = '', ...rest] = wrap(visible(text, Number.POSITIVE_INFINITY), room)
    print(`${dim(name.padEnd(widest))}${gap}${first}`)
    for (const line of rest) print(`${' '.repeat(widest)}${gap}${line}`)
  }
}

/** What stands between two columns. */
export const gap = '  '

const indent = '    '

/** A row's cells under each other's columns. */
export function rowLine(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, column) => cell.padEnd(widths[column] ?? 0))
    .join(gap)
    .trimEnd()
}

/** How many of these columns a line has room for; at least the first, which names the row. */
export function columnsThatFit(widths: readonly number[], width: number): number {
  let taken = 0
  const first = widths.findIndex((one, column) => {
    taken += one + (column > 0 ? gap.length : 0)
    return column > 0 && taken > width
  })
  return first === -1 ? widths.length : first
}
