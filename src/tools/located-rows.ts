import * as z from 'zod'
import type { Located } from '../carrier/beyond.ts'
import type { CarrierError } from '../carrier/errors.ts'
import { explain } from '../carrier/outcomes.ts'
import { location, tellLocation } from './location.ts'
import { refusalOf } from './refused-number.ts'
import { together } from './together.ts'
import type { ReadContext } from './tool.ts'
import { wordsBeside } from './words.ts'

/** The 911 locations of one number. */
export const locatedRow = z.strictObject({
  tn: z.string(),
  code: z.int().optional(),
  meaning: z.string(),
  words: z.string().optional(),
  locations: z.array(location).optional(),
})

type LocatedRow = z.output<typeof locatedRow>
type Record911 = Parameters<typeof tellLocation>[0]

/** Asks each number for its locations; `none` is what it means where there are none. */
export async function locatedRows(
  tns: readonly string[],
  context: ReadContext,
  ask: (tn: string, call: { signal: AbortSignal }) => Promise<Located<Record911>>,
  meanings: { some: string; none: string },
): Promise<LocatedRow[]> {
  const one = async (tn: string, signal: AbortSignal): Promise<LocatedRow> => {
    const { code, message, records } = await ask(tn, { signal })
    const meaning =
      code === 100 || code === 101 ? (records.length > 0 ? meanings.some : meanings.none) : explain(code).meaning
    return { tn, code, meaning, ...wordsBeside(code, message), locations: records.map(tellLocation) }
  }
  return together<LocatedRow>(tns, context, { ask: one, odd: refusedRow })
}

const refusedRow = (tn: string, error: CarrierError): LocatedRow => refusalOf(tn, error)
