import * as z from 'zod'
import { envelope } from '../operations/envelope.ts'
import { consent, locationId, numbers } from './numbers.ts'
import { defineWrite } from './tool.ts'

export const removeLocation = defineWrite({
  name: 'removeLocation',
  title: 'Remove a 911 location',
  toolset: 'e911',
  effect: 'safety',
  description:
    'Removes a location that getLocations shows. Where it is the provisioned one, calls to 911 carry no address.',
  input: z.strictObject({ did: numbers, locationId, ...consent }),
  output: envelope,
  request: ({ did, reason, confirmation, dryRun, locationId }) => ({
    reason,
    confirmation,
    dryRun,
    rows: did.map((tn) => ({ tn, locationId })),
  }),
})
