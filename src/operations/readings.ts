import { askEach } from '../carrier/ask-each.ts'
import type { Turn } from '../carrier/carrier.ts'
import { CarrierError } from '../carrier/errors.ts'
import { explain } from '../carrier/outcomes.ts'
import type { Look, Reading } from './write.ts'

/**
 * Reads each number fresh, all at once (the carrier bounds how many are in flight), and hands each to `each` as it comes. A
 * number that the carrier refuses is its own reading. Throws CarrierError where a query fails otherwise, and ends the others: a thousand queries do not go
 * on for nobody.
 */
export async function readNumbers(
  look: Look,
  carrier: Turn,
  tns: readonly string[],
  at: number,
  signal?: AbortSignal,
  each: (reading: Reading) => void = () => undefined,
): Promise<Reading[]> {
  return askEach(tns, signal, async (tn, either) => {
    const reading = await readNumber(look, carrier, tn, at, either)
    each(reading)
    return reading
  })
}

async function readNumber(look: Look, carrier: Turn, tn: string, at: number, signal: AbortSignal): Promise<Reading> {
  try {
    return await look.read(carrier, tn, at, { signal })
  } catch (error) {
    if (!(error instanceof CarrierError) || error.kind !== 'rejected' || !isEnvelopeCode(error.code)) throw error
    const { code } = error
    const refused = `the carrier does not say what it is: ${explain(code).meaning} (code ${code})`
    return { tn, at, code, facts: { status: 'unknown' }, refused }
  }
}

/** An answer to this one question, not an HTTP status, which speaks of the service. */
const isEnvelopeCode = (code: number | undefined): code is number => code !== undefined && code >= 600

/** The numbers of rows, in their order. */
export const numbersOf = (rows: readonly { tn: string }[]): string[] => rows.map(({ tn }) => tn)
