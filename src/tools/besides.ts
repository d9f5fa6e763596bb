import * as z from 'zod'
import type { Unreadable } from '../carrier/asking.ts'
import type { Snapshot } from '../listings/download.ts'
import { wordsBeside } from './words.ts'

/** Rows of the carrier's that are not what such a row is: as XML, disarmed, the first ten. In no total and no page. */
export const unreadable = z.strictObject({ count: z.int(), rows: z.array(z.string()) }).optional()

/** What a listing says besides its rows: the carrier's words, what could not be read, what came twice. */
export const besides = { words: z.string().optional(), note: z.string().optional(), unreadable }

/** The same of one listing; nothing where there is nothing to say. */
export function besidesOf({ message, doubled = 0, unreadable }: Omit<Snapshot<unknown>, 'rows' | 'asOf'>): {
  words?: string
  note?: string
  unreadable?: Unreadable
} {
  return {
    // An empty listing is answered with 101, and its words are what the total says.
    ...wordsBeside(101, message),
    ...(doubled > 0 && { note: doubledInWords(doubled) }),
    ...(unreadable && { unreadable }),
  }
}

const doubledInWords = (doubled: number): string =>
  `the carrier listed ${doubled === 1 ? 'a number' : `${doubled} numbers`} again that it had listed before; each is counted once`
