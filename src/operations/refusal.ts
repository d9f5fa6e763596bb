import type { Refused } from '../journal/journal.ts'

/** The codes that a client may depend on (docs/write-path.md). */
export type RefusalCode =
  | 'INVALID_INPUT'
  | 'POLICY_DENIED'
  | 'LIMIT_EXCEEDED'
  | 'CONFIRMATION_EXPIRED'
  | 'CONFIRMATION_MISMATCH'
  | 'CONFIRMATION_USED'
  | 'NUMBER_BUSY'
  | 'CARRIER_AUTH'
  | 'CARRIER_REJECTED'
  | 'CARRIER_UNAVAILABLE'
  | 'CARRIER_TIMEOUT'
  | 'CARRIER_PROTOCOL'
  | 'JOURNAL_UNAVAILABLE'
  | 'CANCELLED'
  | 'INTERNAL'

/**
 * A call that was refused before anything was recorded. Nothing was changed at the carrier.
 * `message` is a first line that a person understands; `next` says what to do.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  readonly next: string
  /** Whether the same call may work later, unchanged. */
  readonly retryable: boolean
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    code: RefusalCode,
    message: string,
    facts: { next: string; retryable?: boolean; details?: Readonly<Record<string, unknown>> },
  ) {
    super(message)
    this.code = code
    this.next = facts.next
    this.retryable = facts.retryable ?? false
    this.details = facts.details ?? {}
  }
}

/** The words for what the journal's transaction, or the policy, refused. */
export function refusalFor(refused: Exclude<Refused, { why: 'declined' }>): Refusal {
  if (refused.why === 'denied') {
    return new Refusal(refused.code, refused.reason, {
      next: 'Nothing was sent. Ask for less, or ask whoever keeps the policy.',
      details: refused.tns ? { tns: refused.tns.slice(0, 100) } : {},
    })
  }
  if (refused.why === 'spent' && refused.operationId === undefined) {
    return new Refusal('CONFIRMATION_EXPIRED', 'This yes has expired since the call began', {
      next: 'Make the same call without `confirmation` for a new preview.',
    })
  }
  if (refused.why === 'spent') {
    return new Refusal('CONFIRMATION_USED', `This yes was used, by operation ${refused.operationId}`, {
      next: 'It works once. listOperations tells how that operation ended.',
      details: { operationId: refused.operationId },
    })
  }
  const [first] = refused.busy
  const shown = refused.busy.slice(0, 10).map(({ tn, operationId, tool, until }) => {
    const end =
      until === undefined ? 'which is still running' : `until ${iso(until)}, because its request may still take effect`
    return `${tn} is held by ${operationId} (${tool}), ${end}`
  })
  return new Refusal('NUMBER_BUSY', shown.join('; '), {
    next: `listOperations tells how ${first?.operationId ?? 'it'} ends; try again then.`,
    retryable: true,
    details: {
      busy: refused.busy
        .slice(0, 100)
        .map(({ until, ...busy }) => ({ ...busy, ...(until !== undefined && { until: iso(until) }) })),
    },
  })
}

const iso = (at: number): string => new Date(at).toISOString()
