import { CarrierError, type CarrierErrorKind } from '../carrier/errors.ts'
import type { Environment } from '../domain/account.ts'
import { harmless, visible } from '../domain/untrusted.ts'
import { JournalUnavailable } from '../journal/journal.ts'
import { InvalidCursor } from '../listings/cursor.ts'
import { ListingTooLarge } from '../listings/download.ts'
import { Refusal, type RefusalCode } from '../operations/refusal.ts'
import { PolicyUnreadable } from '../policy/source.ts'
import { environmentMeta, sandboxLine } from './environment.ts'
import type { ToolResult } from './render.ts'

/**
 * A call that ended without an answer: what happened, what was not changed, what to do next; for a program the same in
 * `_meta["did-mcp/error"]`. Never structuredContent: clients hold it against the output schema and throw.
 */
export function errorResult(failure: Failure, environment: Environment): ToolResult {
  const { code, message, next, retryable, details, unchanged } = failure
  const again = retryable ? ' (the same call may work later)' : ''
  const lines = [visible(message, longestMessage), unchanged, visible(next, longestMessage), `code: ${code}${again}`]
  return {
    isError: true,
    content: [{ type: 'text', text: [...lines, ...sandboxLine(environment)].join('\n') }],
    _meta: { ...environmentMeta(environment), 'did-mcp/error': { code, retryable, details } },
  }
}

export interface Failure {
  code: RefusalCode
  message: string
  next: string
  /** Whether the same call may work later, unchanged. */
  retryable: boolean
  details: Readonly<Record<string, unknown>>
  /** What the reader may rely on. */
  unchanged: string
}

const nothingChanged = 'Nothing was changed at the carrier.'

/**
 * Whatever was thrown, in our words. What is not known here says nothing of itself: it goes to `log` under a reference
 * that the answer names.
 */
export function failureOf(error: unknown, call: { tool: string; writes: boolean }, log: ErrorLog): Failure {
  const known = knownFailure(error)
  if (known) return { retryable: false, details: {}, unchanged: nothingChanged, ...known }
  const reference = Math.floor(Math.random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0')
  log.error('a call failed inside', { tool: call.tool, reference, error })
  return {
    code: 'INTERNAL',
    message: `${call.tool} failed inside did-mcp (reference ${reference} in its log).`,
    next: call.writes
      ? 'Ask listOperations and queryDID what became of the numbers before anything else.'
      : 'Try again; if it stays, the log on stderr says more.',
    retryable: !call.writes,
    details: { reference },
    unchanged: call.writes ? 'It is not known whether anything was changed.' : nothingChanged,
  }
}

export interface ErrorLog {
  error(message: string, fields?: Readonly<Record<string, unknown>>): void
}

type KnownFailure = Pick<Failure, 'code' | 'message' | 'next'> & Partial<Failure>

function knownFailure(error: unknown): KnownFailure | undefined {
  if (error instanceof Refusal) {
    const { code, message, next, retryable, details } = error
    return { code, message, next, retryable, details }
  }
  if (error instanceof CarrierError) {
    const { code, retryable, next } = carrierFailures[error.kind]
    const details = {
      ...(error.code !== undefined && { carrierCode: error.code }),
      ...(error.words !== undefined && { words: harmless(error.words) }),
    }
    return { code, message: error.message, next, retryable, details }
  }
  if (error instanceof JournalUnavailable) {
    const next = 'No write is sent while the journal is away; reading goes on. `did-mcp doctor` checks it.'
    return { code: 'JOURNAL_UNAVAILABLE', message: error.message, next, retryable: true }
  }
  // Also from inside the door, which asks for the policy again before it records anything.
  if (error instanceof PolicyUnreadable) {
    const next = 'A person must mend the policy file; then call again.'
    return { code: 'POLICY_DENIED', message: error.message, next }
  }
  if (error instanceof InvalidCursor) {
    const next = 'Call again without the cursor to begin at the first page.'
    return { code: 'INVALID_INPUT', message: error.message, next }
  }
  if (error instanceof ListingTooLarge) {
    const { message, next, retryable } = error
    return { code: 'LIMIT_EXCEEDED', message, next, retryable }
  }
  return undefined
}

const carrierFailures: Readonly<Record<CarrierErrorKind, Pick<Failure, 'code' | 'next' | 'retryable'>>> = {
  auth: {
    code: 'CARRIER_AUTH',
    next: "A person must check login, secret and this machine's registered IP address in the carrier's Back Office (Add-Ons, API Users). `did-mcp doctor` shows what is used.",
    retryable: false,
  },
  rejected: {
    code: 'CARRIER_REJECTED',
    next: 'The carrier refused this request; change the arguments.',
    retryable: false,
  },
  unavailable: { code: 'CARRIER_UNAVAILABLE', next: 'Try again in a minute.', retryable: true },
  timeout: {
    code: 'CARRIER_TIMEOUT',
    next: 'Ask for less (more criteria, fewer numbers), or try again later.',
    retryable: true,
  },
  protocol: {
    code: 'CARRIER_PROTOCOL',
    next: 'Try again once; if it stays, what answers is not the carrier’s API: `did-mcp doctor` checks the endpoint.',
    retryable: true,
  },
  argument: { code: 'INVALID_INPUT', next: 'Correct the arguments and call again.', retryable: false },
  cancelled: { code: 'CANCELLED', next: 'Call again if the answer is still wanted.', retryable: true },
}

/** Far above any message of ours, characters. */
export const longestMessage = 1_500
