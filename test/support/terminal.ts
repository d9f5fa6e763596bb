import type { Terminal } from '../../src/commands/terminal.ts'

/** A terminal whose lines a test reads, and whose person answers as told; without answers nobody sits at it. */
export function testTerminal(answers?: readonly string[]): Terminal & { lines: string[]; asked: string[] } {
  const lines: string[] = []
  const asked: string[] = []
  const left = [...(answers ?? [])]
  return {
    lines,
    asked,
    print: (line = '') => void lines.push(...line.split('\n')),
    ask:
      answers &&
      (async (question) => {
        asked.push(question)
        return left.shift() ?? ''
      }),
    width: 160,
    strong: (text) => text,
    dim: (text) => text,
  }
}
