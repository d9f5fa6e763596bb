import * as z from 'zod'
import type { Did } from '../carrier/carrier.ts'
import { numberStatuses } from '../domain/facts.ts'

export const status = z.enum(numberStatuses)

/**
 * `Did` of carrier/carrier.ts, under the carrier's names, in the order of the CSV. What it did not say is absent. What a
 * name alone would not tell is described, and stands so at the head of its column.
 */
export const did = z.strictObject({
  tn: z.string(),
  endpointId: z.int().optional(),
  state: z.string().optional(),
  rateCenter: z.string().optional(),
  tier: z.string().optional(),
  refId: z.string().optional(),
  has911: z.boolean().optional().describe('address on file; toll-free has none'),
  has411: z.boolean().optional(),
  cnam: z.boolean().optional().describe('inbound dip'),
  cnamName: z.string().optional(),
  cnamStorageActive: z.boolean().optional().describe('outbound name stored'),
  cnamStorageAvailability: z.boolean().optional(),
  t38: z.boolean().optional(),
  rewrite: z.string().optional(),
  forward: z.string().optional(),
  failover: z.string().optional(),
  network: z.string().optional(),
  didGroupId: z.string().optional(),
  expireDate: z.string().optional(),
  availability: z.string().optional(),
  statusCode: z.int().optional(),
  status: z.string().optional(),
})

/**
 * A row of a long list without what an owned number's row says anyway (that it is assigned, with code 100, delivered as
 * itself, and the same once more in a sentence) and without what it could have and whose network it is on. `queryDID` says it all.
 */
export function brief(row: Did): z.output<typeof did> {
  const {
    statusCode,
    availability,
    rewrite,
    status: _sentence,
    cnamStorageAvailability: _possible,
    network: _underlying,
    ...rest
  } = row
  return {
    ...rest,
    ...(statusCode !== 100 && { statusCode }),
    ...(availability?.toLowerCase() !== 'assigned' && { availability }),
    ...(rewrite !== row.tn && { rewrite }),
  }
}
