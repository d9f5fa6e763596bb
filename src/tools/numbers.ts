import * as z from 'zod'
import type { Asked } from '../domain/facts.ts'
import { InvalidTelephoneNumber, parseTelephoneNumber } from '../domain/telephone-number.ts'
import { hidesAnything } from '../domain/untrusted.ts'
import { addSentence, wholeSentence } from './issue.ts'

/** A number in any of the accepted formats; ten digits come out. */
export const telephoneNumber = z.string('a telephone number in quotes').transform((text, context) => {
  try {
    return parseTelephoneNumber(text)
  } catch (error) {
    if (!(error instanceof InvalidTelephoneNumber)) throw error
    context.issues.push({ code: 'custom', message: error.message, params: wholeSentence, input: text })
    return z.NEVER
  }
})

/** One number, or a list of 1 to 100 of them. */
export const numberOrNumbers = z
  .union([telephoneNumber, z.array(telephoneNumber).min(1).max(100).superRefine(eachOnce)])
  .describe('US number or numbers')

export const asList = (numbers: string | string[]): string[] => (Array.isArray(numbers) ? numbers : [numbers])

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

/** What every write takes along. */
export const consent = {
  reason: z
    .string()
    .max(200)
    .refine(isPlain, 'text without control or hidden characters or CDATA marks')
    .optional()
    .describe('why; kept in the journal'),
  confirmation: z.string().min(1).max(200).optional().describe('the ticket of an earlier confirmation_required'),
}

/** Numbers, each with its own settings where they differ from the call's. */
export const didParams = z
  .array(
    z.union([
      telephoneNumber,
      z.strictObject({
        tn: telephoneNumber,
        epg: carrierId.optional(),
        cnam: cnam.optional(),
        refId: refId.optional(),
      }),
    ]),
  )
  .min(1)
  .max(1000)
  .superRefine(eachOnce)
  .describe('US numbers, or objects where one differs from the call')

/** Numbers alone. */
export const didNumbers = z.array(telephoneNumber).min(1).max(1000).superRefine(eachOnce).describe('US numbers')

interface Settings {
  epg?: number | undefined
  cnam?: boolean | undefined
  refId?: string | undefined
}

interface Numbered extends Settings {
  didParams: (string | ({ tn: string } & Settings))[]
}

interface Consent {
  reason?: string | undefined
  confirmation?: string | undefined
}

/** A write's arguments as the one door takes them. */
export function requestOf(args: Numbered & Consent) {
  return { rows: rowsOf(args), reason: args.reason, confirmation: args.confirmation }
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
  return !hidesAnything(text) && !/<!\[CDATA\[|\]\]>/.test(text)
}
