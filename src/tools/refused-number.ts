import type { CarrierError } from '../carrier/errors.ts'
import { explain } from '../carrier/outcomes.ts'
import { wordsBeside } from './words.ts'

/** What the carrier said of a number that it gave no readable answer about, in the fields of that number's row. */
export function refusalOf(tn: string, { kind, code, message, words }: CarrierError) {
  const meaning = kind === 'protocol' ? message : code === undefined ? 'the carrier refused it' : explain(code).meaning
  return {
    tn,
    ...(code !== undefined && { code }),
    meaning,
    ...wordsBeside(code, words),
  }
}
