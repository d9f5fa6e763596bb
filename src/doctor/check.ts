/** Whether something is as it must be. `skipped`: it could not be looked at, or there is nothing to look at. */
export type CheckVerdict = 'ok' | 'warning' | 'failed' | 'skipped'

/** One thing that was seen, told to a person, without a secret. */
export interface Finding {
  verdict: CheckVerdict
  what: string
  /** The advice: what to do about it. */
  next?: string | undefined
  /** The command that does what is advised, to be copied. */
  run?: string | undefined
}

/** One thing that the doctor looks at. */
export interface Check<Subject> {
  name: string
  /** The names of earlier checks without whose success this one means nothing. */
  needs?: readonly string[]
  /** Looks, and returns what was seen. A look never writes to the carrier. */
  look(subject: Subject): Promise<Finding | readonly Finding[]>
}

export interface Examined {
  name: string
  /** The worst verdict among its findings. */
  verdict: CheckVerdict
  /** How long the look took, in milliseconds. */
  ms: number
  findings: readonly Finding[]
}

/**
 * Looks at one thing after the other, in the order of the table, and yields each as soon as it is known.
 *
 * @param now milliseconds of a clock that is never put back
 */
export async function* examine<Subject>(
  checks: readonly Check<Subject>[],
  subject: Subject,
  now = () => performance.now(),
): AsyncGenerator<Examined, void> {
  const without = new Set<string>()
  for (const { name, needs = [], look } of checks) {
    const missing = needs.find((need) => without.has(need))
    const began = now()
    const findings: readonly Finding[] =
      missing === undefined
        ? [await look(subject).catch(broken)].flat()
        : [{ verdict: 'skipped', what: `needs ${missing}, which did not succeed` }]
    const verdict = order.find((one) => findings.some((finding) => finding.verdict === one)) ?? 'ok'
    if (missing !== undefined || verdict === 'failed') without.add(name)
    yield { name, verdict, ms: Math.round(now() - began), findings }
  }
}

/** The verdicts, the worst first. */
const order: readonly CheckVerdict[] = ['failed', 'warning', 'ok', 'skipped']

/** The system's word for an error, never the error's message: what a library throws may hold the request. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : error instanceof Error ? error.name : 'unknown'
}

function broken(error: unknown): Finding {
  return {
    verdict: 'failed',
    what: `could not be looked at (${codeOf(error)})`,
    next: 'This is a fault of did-mcp itself: report it with this line.',
  }
}
