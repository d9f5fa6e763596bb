import * as z from 'zod'
import { unsendable } from '../carrier/sendable.ts'
import type { Asked, Settings } from '../domain/facts.ts'
import { InvalidTelephoneNumber, parseTelephoneNumber } from '../domain/telephone-number.ts'
import { hidesAnything } from '../domain/untrusted.ts'
import { addSentence, wholeSentence } from './issue.ts'

/** A number in every form that can mean that one alone; ten digits come out. */
export const telephoneNumber = z.string('a telephone number').transform((text, context) => {
  try {
    return parseTelephoneNumber(text)
  } catch (error) {
    if (!(error instanceof InvalidTelephoneNumber)) throw error
    context.issues.push({ code: 'custom', message: error.message, params: wholeSentence, input: text })
    return z.NEVER
  }
})

/** 1 to 100 numbers to ask about. Published as a list alone; one number is read as a list of one. */
export const numbers = z
  .array(telephoneNumber, 'a list of telephone numbers')
  .min(1)
  .max(100)
  .superRefine(eachOnce)
  .describe('US numbers, as 4352154006')

/** An id of the carrier's, of an endpoint group or a port order: xs:int on the wire. */
export const carrierId = z.int().min(1).max(2_147_483_647)
const cnam = z.boolean()
const refId = z.string().max(64).refine(isPlain, 'text without control or hidden characters or CDATA marks')

/** What a write says of all its numbers, where a number does not say otherwise. */
export const settings = {
  epg: carrierId.optional().describe('endpoint group id'),
  cnam: cnam.optional().describe('inbound caller-name dip'),
  refId: refId.optional().describe('your reference'),
}

/** A text of which an empty one says nothing. Not `min(1)`: clients send `""` for what is left out, and check it themselves. */
const orNone = (text: string): string | undefined => (text.trim() === '' ? undefined : text)

/** A text of at least one character that is sent as it is shown, and recorded so. */
export const plainText = (most: number) =>
  z
    .string()
    .max(most)
    .refine((text) => text.trim() !== '' && isPlain(text), 'text without control or hidden characters or CDATA marks')

/** The id of a 911 location, as getLocations tells it. */
export const locationId = plainText(40)

/** A mail address. */
export const email = z.email().max(200)

/** What every write takes along. */
export const consent = {
  reason: z
    .string()
    .max(200)
    .refine(isPlain, 'text without control or hidden characters or CDATA marks')
    .transform(orNone)
    .optional()
    .describe('why; kept in the journal'),
  confirmation: z
    .string()
    .max(200)
    .transform(orNone)
    .optional()
    .describe('the ticket of an earlier confirmation_required'),
  dryRun: z.boolean().optional().describe('true: preview alone; nothing is sent, asked or recorded'),
}

/**
 * Numbers, each with its own settings where they differ from the call's. Published as objects alone, because converters
 * of schemas keep only one side of a choice; a number by itself is read as the object that names it.
 */
export const didParams = z
  .array(
    z.strictObject({
      tn: telephoneNumber.describe('US number, as 4352154006'),
      epg: carrierId.optional(),
      cnam: cnam.optional(),
      refId: refId.optional(),
    }),
    'a list of telephone numbers',
  )
  .min(1)
  .max(1000)
  .superRefine(eachOnce)
  .describe('epg, cnam, refId only where one differs from the call')

/** Numbers alone. */
export const didNumbers = z
  .array(telephoneNumber, 'a list of telephone numbers')
  .min(1)
  .max(1000)
  .superRefine(eachOnce)
  .describe('US numbers, as 4352154006')

interface Numbered extends Settings {
  didParams: (string | ({ tn: string } & Settings))[]
}

interface Consent {
  reason?: string | undefined
  confirmation?: string | undefined
  dryRun?: boolean | undefined
}

/** A write's arguments as the one door takes them. */
export function requestOf(args: Numbered & Consent) {
  return { rows: rowsOf(args), reason: args.reason, confirmation: args.confirmation, dryRun: args.dryRun }
}

/** Rows as asked: a number's own settings beat the call's. Absent is not empty. */
export function rowsOf(args: Numbered): Asked[] {
  return args.didParams.map((item) => {
    const own = typeof item === 'string' ? { tn: item } : item
    const row: Asked = { tn: own.tn }
    const { epg = args.epg, cnam = args.cnam, refId = args.refId } = own
    if (epg !== undefined) row.epg = epg
    if (cnam !== undefined) row.cnam = cnam
    if (refId !== undefined) row.refId = refId
    return row
  })
}

function eachOnce(items: (string | { tn: string })[], context: z.RefinementCtx): void {
  const seen = new Map<string, number>()
  items.forEach((item, index) => {
    const tn = typeof item === 'string' ? item : item.tn
    const first = seen.get(tn)
    if (first === undefined) seen.set(tn, index)
    else addSentence(context, [index], `${tn} stands twice, as items ${first} and ${index}`)
  })
}

/** What is sent and recorded is what is shown: nothing that a person would not see, nothing that the wire refuses. */
function isPlain(text: string): boolean {
  return !hidesAnything(text) && unsendable(text) === undefined
}
