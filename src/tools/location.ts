import * as z from 'zod'
import { unsendable } from '../carrier/sendable.ts'
import { hidesAnything } from '../domain/untrusted.ts'

/** Text that is sent as it is shown. */
const plain = (most: number) =>
  z
    .string()
    .max(most)
    .refine(
      (text) => !hidesAnything(text) && unsendable(text) === undefined,
      'text without control or hidden characters or CDATA marks',
    )

/** A postal address for 911, as the carrier asks for it. */
export const addressFields = {
  address1: plain(100)
    .refine((text) => text.trim() !== '', 'a street address')
    .describe('house number and street'),
  address2: plain(60).optional().describe('suite, floor'),
  city: plain(60).refine((text) => text.trim() !== '', 'a city'),
  state: z
    .string()
    .regex(/^[A-Za-z]{2}$/, 'two letters')
    .describe('two letters'),
  zip: z
    .string()
    .regex(/^[0-9]{5}$/, 'five digits')
    .describe('five digits'),
  plusFour: z
    .string()
    .regex(/^(?:[0-9]{4})?$/, 'four digits')
    .optional(),
  callerName: plain(60).optional().describe('the name that the 911 operator sees'),
}

/** A location as the carrier keeps it, without what is empty. Every text is the carrier's. */
export const location = z.strictObject({
  locationId: z.string().optional(),
  status: z.string().optional().describe('PROVISIONED is used for 911; GEOCODED can be; INVALID cannot'),
  callerName: z.string().optional(),
  address1: z.string().optional(),
  address2: z.string().optional(),
  city: z.string().optional(),
  state: z.string().optional(),
  zip: z.string().optional(),
  latitude: z.string().optional(),
  longitude: z.string().optional(),
  activatedTime: z.string().optional(),
})

/** The fields of a location, or of a number's 911 record, as they are told. */
export function tellLocation(
  from: { [field in (typeof kept)[number]]?: string | undefined } & ZipTold,
): z.output<typeof location> {
  const { statusCode, zipCode, plusFour } = from
  const zip = zipCode === undefined || plusFour === undefined ? zipCode : `${zipCode}-${plusFour}`
  const said = [
    ['locationId', from.locationId],
    ['status', statusCode],
    ...kept.map((field) => [field, from[field]] as const),
    ['zip', zip],
  ] as const
  return Object.fromEntries(said.flatMap(([field, text]) => (text === undefined ? [] : [[field, text.trim()]])))
}

const kept = ['callerName', 'address1', 'address2', 'city', 'state', 'latitude', 'longitude', 'activatedTime'] as const

interface ZipTold {
  locationId?: string | undefined
  statusCode?: string | undefined
  zipCode?: string | undefined
  plusFour?: string | undefined
}
