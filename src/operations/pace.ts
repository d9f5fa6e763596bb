import type { Pace } from './door.ts'

/** Fewer numbers than these are always queried. */
const fewest = 32

/** Every audit is given this long, milliseconds. */
const leastAuditMs = 1000

/** What a number of a long list is taken to need until it is known: 8 at once at 160 ms. Milliseconds. */
const unknownNumberMs = 20

export function createPace(): Pace {
  let numberMs = unknownNumberMs
  let auditMs: number | undefined
  const auditWithinMs = (queries: number) => Math.max(queries * numberMs, leastAuditMs)
  return {
    prefersAudit: (queries) => queries >= fewest && (auditMs === undefined || auditMs <= auditWithinMs(queries)),
    auditWithinMs,
    audited(ms) {
      auditMs = ms
    },
    queried(numbers, ms) {
      if (numbers >= fewest) numberMs = ms / numbers
    },
  }
}
