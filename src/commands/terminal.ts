import { createInterface } from 'node:readline/promises'
import { styleText } from 'node:util'
import { visible } from '../carrier/untrusted.ts'

/** What a command reads from and prints to. */
export interface Terminal {
  print(line?: string): void
  /** Absent where no person sits at it: then nothing can be asked. */
  ask?: ((question: string) => Promise<string>) | undefined
  /** Columns that a line of a table may take; endless where nobody looks. */
  width: number
  strong(text: string): string
  dim(text: string): string
}

/** The terminal this process was started in. Colours only on a terminal, and not where NO_COLOR asks for none. */
export function thisTerminal(): Terminal {
  const { stdin, stdout } = process
  // Whoever read us may have left (`| head`): that is no failure of the command.
  stdout.on('error', () => undefined)
  const coloured = stdout.isTTY === true && !process.env.NO_COLOR
  const person = stdin.isTTY === true && stdout.isTTY === true
  return {
    print: (line = '') => void stdout.write(`${line}\n`),
    ask: person ? askOnce : undefined,
    width: stdout.columns || Number.POSITIVE_INFINITY,
    strong: (text) => (coloured ? styleText('bold', text) : text),
    dim: (text) => (coloured ? styleText('dim', text) : text),
  }
}

/** Rows under their headings, each column as wide as it must be; the last one is cut where the line is full. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[], width: number): string[] {
  const lines = [headings, ...rows].map((row) => row.map((cell) => visible(cell)))
  const widths = headings.map((_, column) => Math.max(...lines.map((row) => row[column]?.length ?? 0)))
  return lines.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
      .slice(0, width),
  )
}

/** What is for a person is done by nobody else. @returns the exit code */
export function onlyAtTerminal(terminal: Terminal): number {
  terminal.print('This is for a person at an interactive terminal: run it there. Nothing was changed.')
  return 1
}

async function askOnce(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return await lines.question(question)
  } finally {
    lines.close()
  }
}
