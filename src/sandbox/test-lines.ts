import type { FaultName } from './faults.ts'

/** A line of every area code (NPA-555-0190 to 0199) that misbehaves on purpose, as card networks have test cards. */
export interface TestLine {
  /** The last four digits. */
  line: string
  /** For a person. */
  behaviour: string
  /** What is true of the number from the start. */
  truth?: 'assigned elsewhere' | 'reserved elsewhere' | 'tier 777' | 'unknown error'
  /** What happens to a write that names it; a read of it is answered truthfully. */
  fault?: FaultName
}

/**
 * The ten of them. Where one write names several of the last six, it suffers the first of: 0195, 0197, 0199, 0196, 0198,
 * 0194 (that in which least happens comes first). The misbehaviour is the whole call's: every number in it shares it.
 */
export const testLines: readonly TestLine[] = [
  { line: '0190', behaviour: 'assigned to another company', truth: 'assigned elsewhere' },
  { line: '0191', behaviour: 'reserved by another company', truth: 'reserved elsewhere' },
  { line: '0192', behaviour: 'tier not available to the account', truth: 'tier 777' },
  { line: '0193', behaviour: 'unknown error when it is reserved or assigned', truth: 'unknown error' },
  { line: '0194', behaviour: 'takes effect, answers after 5 s', fault: 'slow' },
  { line: '0195', behaviour: 'connection reset before anything happens', fault: 'reset before' },
  { line: '0196', behaviour: 'takes effect, then the connection is reset without an answer', fault: 'reset after' },
  { line: '0197', behaviour: 'envelope responseCode 900, nothing done', fault: 'envelope 900' },
  { line: '0198', behaviour: 'takes effect, answer cut off in the middle of the XML', fault: 'cut' },
  { line: '0199', behaviour: 'HTTP 503 with an HTML body, and takes effect 3 s later', fault: 'late' },
]

/** The test line that a number is, if it is one. */
export function testLine(tn: string): TestLine | undefined {
  return tn.startsWith('555019', 3) ? byLine.get(tn.slice(6)) : undefined
}

/** The misbehaviour of a write over these numbers. */
export function faultOf(tns: readonly string[]): FaultName | undefined {
  const faults = new Set(tns.map((tn) => testLine(tn)?.fault))
  return precedence.find((name) => faults.has(name))
}

const precedence: readonly FaultName[] = ['reset before', 'envelope 900', 'late', 'reset after', 'cut', 'slow']

const byLine = new Map(testLines.map((line) => [line.line, line]))
