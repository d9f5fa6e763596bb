import * as z from 'zod'
import type { CarrierError } from '../carrier/errors.ts'
import { explain } from '../carrier/outcomes.ts'
import { refusalOf } from './refused-number.ts'
import { together } from './together.ts'
import type { ReadContext } from './tool.ts'
import { wordsBeside } from './words.ts'

/** One text that the carrier keeps for a number; `value` is absent where there is none. */
export const fieldRow = z.strictObject({
  tn: z.string(),
  value: z.string().optional(),
  code: z.int().optional(),
  meaning: z.string(),
  words: z.string().optional(),
})

export type FieldRow = z.output<typeof fieldRow>

interface FieldAnswer {
  code: number
  message?: string | undefined
  value?: string | undefined
}

/** Asks each number for the text; `meanings` are what it means that there is one, or none. */
export async function fieldRows(
  tns: readonly string[],
  context: ReadContext,
  ask: (tn: string, signal: AbortSignal) => Promise<FieldAnswer>,
  meanings: { some: string; none: string },
): Promise<FieldRow[]> {
  const one = async (tn: string, signal: AbortSignal): Promise<FieldRow> => {
    const { code, message, value } = await ask(tn, signal)
    const told = value === undefined ? meanings.none : meanings.some
    const meaning = code === 100 || code === 101 ? told : explain(code).meaning
    return { tn, ...(value !== undefined && { value }), code, meaning, ...wordsBeside(code, message) }
  }
  return together<FieldRow>(tns, context, { ask: one, odd: refusedRow })
}

const refusedRow = (tn: string, error: CarrierError): FieldRow => refusalOf(tn, error)
