import type { OperationName } from '../carrier/soap/wsdl.ts'
import type { FaultName } from './faults.ts'

/** A line of every area code (NPA-555-0186 to 0199) that misbehaves on purpose, as card networks have test cards. */
export interface TestLine {
  /** The last four digits. */
  line: string
  /** The behaviour in words for a person. */
  behaviour: string
  /** What is true of the number from the start. */
  truth?: 'assigned elsewhere' | 'reserved elsewhere' | 'tier 777' | 'unknown error' | 'other group and tier'
  /** What happens to a call that names it; reads are answered truthfully all the same. */
  fault?: FaultName
  /** The calls that the fault meets. Default every write. */
  meets?: readonly OperationName[]
}

/** The operations that change something. */
export const writes: readonly OperationName[] = [
  'reserveDID',
  'assignDID',
  'configDID',
  'releaseDID',
  'insert911',
  'update911',
  'remove911',
  'addLocation',
  'provisionLocation',
  'removeLocation',
  'Add911Alert',
  'Remove911Alert',
  'UpdateCNAMDisplay',
  'RemoveCNAM',
  'UpdateDIDFailover',
  'SetDIDForward',
  'RemoveDIDForward',
]

/**
 * All of them. Where one call names several that have a fault, it suffers the first of: 0195, 0197, 0199, 0188, 0187,
 * 0196, 0198, 0194, 0189 (that in which least happens comes first). The fault is the whole call's: every number in it
 * shares it.
 */
export const testLines: readonly TestLine[] = [
  {
    line: '0186',
    behaviour: 'put on another endpoint group and at another tier than asked, as the answer says',
    truth: 'other group and tier',
  },
  {
    line: '0187',
    behaviour: 'unknown error when it is reserved or assigned, and takes effect 6 s later',
    fault: 'unknown error late',
    meets: ['reserveDID', 'assignDID'],
  },
  { line: '0188', behaviour: 'envelope responseCode 900, and takes effect 3 s later', fault: 'envelope 900 late' },
  {
    line: '0189',
    behaviour: 'connection closed unannounced after each answer, that of a query as well',
    fault: 'closing',
    meets: ['queryDID', 'isPortable', ...writes],
  },
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
  return tn.startsWith('55501', 3) ? byLine.get(tn.slice(6)) : undefined
}

/** The fault that a call over these numbers meets. */
export function faultOf(operation: OperationName, tns: readonly string[]): FaultName | undefined {
  const lines = tns.map((tn) => testLine(tn))
  const faults = new Set(lines.map((line) => ((line?.meets ?? writes).includes(operation) ? line?.fault : undefined)))
  return precedence.find((name) => faults.has(name))
}

const precedence: readonly FaultName[] = [
  'reset before',
  'envelope 900',
  'late',
  'envelope 900 late',
  'unknown error late',
  'reset after',
  'cut',
  'slow',
  'closing',
]

const byLine = new Map(testLines.map((line) => [line.line, line]))
