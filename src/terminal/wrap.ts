import { visible } from '../domain/untrusted.ts'
import type { Terminal } from './terminal.ts'

/**
 * A text in lines that the terminal need not break, without what a terminal would obey; all but the first begin with
 * `hang`. What is to be copied, a command, is printed as it is.
 */
export function printText(text: string, { print, width }: Pick<Terminal, 'print' | 'width'>, hang = ''): void {
  for (const [index, line] of wrap(visible(text, Number.POSITIVE_INFINITY), width - hang.length).entries())
    print(index === 0 ? line : hang + line)
}

/** A text in lines of at most `width` columns, broken between words. A word that is longer stands in a line of its own. */
export function wrap(text: string, width: number): string[] {
  return flow(text.split(' '), ' ', width)
}

/** Parts one after the other, `gap` between them, in lines of at most `width` columns; none is broken. */
export function flow(parts: readonly string[], gap: string, width: number): string[] {
  const lines: string[] = []
  for (const part of parts) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + gap.length + part.length <= width)
      lines[lines.length - 1] = last + gap + part
    else lines.push(part)
  }
  return lines
}
