import * as z from 'zod'
import type { Criteria } from '../carrier/carrier.ts'
import { longestCursor } from '../listings/cursor.ts'
import { addSentence } from './issue.ts'

const threeDigits = digits(/^[0-9]{3}$/, 'three digits')
const upToFiveDigits = digits(/^[0-9]{1,5}$/, 'one to five digits')
/** Outer spaces are none of a name's, and a blank one is no criterion. */
const name = z
  .string()
  .max(64)
  .transform((text) => text.trim() || undefined)

/** The state of numbers that the account has: toll-free ones are answered as `ALL`. */
export const ownState = z
  .string()
  .regex(/^(?:[A-Za-z]{2}|[Aa][Ll][Ll])$/, 'two letters, or ALL')
  .toUpperCase()
export const state = z
  .string()
  .regex(/^[A-Za-z]{2}$/, 'two letters (TF: toll-free)')
  .toUpperCase()
/** Part of a number, wherever it stands in it. */
export const partOfNumber = digits(/^[0-9]{1,10}$/, 'one to ten digits')
  .optional()
  .describe('anywhere in the number')
export const npa = threeDigits
export const tier = upToFiveDigits
export const rateCenter = name

const criteria = {
  state: state.optional().describe('TF: toll-free'),
  lata: upToFiveDigits.optional(),
  rateCenter: rateCenter.optional().describe('as getDIDCount lists it'),
  npa: npa.optional().describe('area code'),
  nxx: threeDigits.optional().describe('exchange'),
  tier: tier.optional().describe('pricing tier'),
  t38: z.boolean().optional().describe('fax'),
  cnam: z.boolean().optional().describe('outbound name available'),
  sms: z.boolean().optional().describe('text messages'),
  network: name.optional().describe('underlying carrier'),
}

const paging = {
  cursor: z
    .string()
    .max(longestCursor)
    .transform((text) => text || undefined)
    .optional()
    .describe('nextCursor; alone, or with the same arguments'),
}

/** Criteria and a page of what they find. Without a cursor at least one criterion: the carrier answers 302490 otherwise. */
export function searchInput<More extends z.ZodRawShape>(more: More) {
  return z.strictObject({ ...criteria, ...more, ...paging }).superRefine((args, context) => {
    const given: Readonly<Record<string, unknown>> = args
    if (given.cursor === undefined && Object.keys(criteria).every((key) => given[key] === undefined)) {
      addSentence(context, [], `at least one criterion is needed: ${Object.keys(criteria).join(', ')}`)
    }
  })
}

/** The criteria that a cursor carries. */
export const criteriaOfCursor = z.strictObject(criteria)

export const limit = (standard: number, { most = 500, least = 1 } = {}) =>
  z.int().min(least).max(most).optional().describe(`default ${standard}`)
export const cursor = paging.cursor

/** What was given and is a criterion. */
export function criteriaOf(args: Criteria): Criteria {
  const given: Readonly<Record<string, unknown>> = { ...args }
  return Object.fromEntries(
    Object.keys(criteria).flatMap((key) => (given[key] === undefined ? [] : [[key, given[key]]])),
  )
}

function digits(pattern: RegExp, expected: string) {
  return z.string(expected).regex(pattern, expected)
}
