import type { Terminal } from '../../src/terminal/terminal.ts'

export interface TestTerminal extends Terminal {
  /** What was printed. */
  lines: string[]
  /** What was written as it is. */
  written: string[]
  /** What was said to have gone wrong. */
  failed: string[]
  progressed: string[]
  asked: string[]
}

/**
 * A terminal whose lines a test reads, and whose person answers as told, or leaves at an undefined answer; without
 * answers nobody sits at it.
 */
export function testTerminal(answers?: readonly (string | undefined)[], width = 160): TestTerminal {
  const lines: string[] = []
  const written: string[] = []
  const failed: string[] = []
  const progressed: string[] = []
  const asked: string[] = []
  const left = [...(answers ?? [])]
  return {
    lines,
    written,
    failed,
    progressed,
    asked,
    print: (line = '') => void lines.push(...line.split('\n')),
    write: (text) => void written.push(text),
    fail: (line) => void failed.push(line),
    progress: (line) => void progressed.push(line),
    ask:
      answers &&
      (async (question) => {
        asked.push(question)
        return left.length > 0 ? left.shift() : ''
      }),
    width,
    strong: (text) => text,
    dim: (text) => text,
  }
}
