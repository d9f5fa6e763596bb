import * as z from 'zod'
import { envelope } from '../operations/envelope.ts'
import { consent, locationId, numbers } from './numbers.ts'
import { defineWrite } from './tool.ts'

export const provisionLocation = defineWrite({
  name: 'provisionLocation',
  title: 'Provision a 911 location',
  toolset: 'e911',
  effect: 'safety',
  description:
    'Provisions a location that getLocations shows as GEOCODED: calls to 911 carry it in place of the present one.',
  input: z.strictObject({ did: numbers, locationId, ...consent }),
  output: envelope,
  request: ({ did, reason, confirmation, dryRun, locationId }) => ({
    reason,
    confirmation,
    dryRun,
    rows: did.map((tn) => ({ tn, locationId })),
  }),
})
