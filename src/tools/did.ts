import * as z from 'zod'
import type { Did } from '../carrier/carrier.ts'
import { numberStatuses } from '../domain/facts.ts'

export const status = z.enum(numberStatuses)

/** `Did` of carrier/carrier.ts, under the carrier's names. What it did not say is absent. */
export const did = z.strictObject({
  tn: z.string(),
  statusCode: z.int().optional(),
  availability: z.string().optional(),
  rewrite: z.string().optional(),
  status: z.string().optional(),
  tier: z.string().optional(),
  refId: z.string().optional(),
  failover: z.string().optional(),
  forward: z.string().optional(),
  cnamName: z.string().optional(),
  state: z.string().optional(),
  rateCenter: z.string().optional(),
  didGroupId: z.string().optional(),
  network: z.string().optional(),
  endpointId: z.int().optional(),
  expireDate: z.string().optional(),
  has411: z.boolean().optional(),
  has911: z.boolean().optional(),
  cnam: z.boolean().optional(),
  cnamStorageActive: z.boolean().optional(),
  cnamStorageAvailability: z.boolean().optional(),
  t38: z.boolean().optional(),
})

/**
 * A row of a long list without what an owned number's row says anyway (that it is assigned, with code 100, delivered as
 * itself, and the same once more in a sentence) and without what it could have. `queryDID` says it all.
 */
export function brief(row: Did): z.output<typeof did> {
  const { statusCode, availability, rewrite, status: _sentence, cnamStorageAvailability: _possible, ...rest } = row
  return {
    ...rest,
    ...(statusCode !== 100 && { statusCode }),
    ...(availability?.toLowerCase() !== 'assigned' && { availability }),
    ...(rewrite !== row.tn && { rewrite }),
  }
}
