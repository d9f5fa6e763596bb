import * as z from 'zod'
import { envelope } from '../operations/envelope.ts'
import { addressFields } from './location.ts'
import { consent, numbers } from './numbers.ts'
import { defineWrite } from './tool.ts'

export const addLocation = defineWrite({
  name: 'addLocation',
  title: 'Add a 911 location',
  toolset: 'e911',
  effect: 'safety',
  description:
    'Adds a location to numbers without provisioning it; provisionLocation does. Its caller name overwrites that of the numbers’ other locations.',
  input: z.strictObject({ did: numbers, ...addressFields, ...consent }),
  output: envelope,
  request: ({ did, reason, confirmation, dryRun, ...address }) => ({
    reason,
    confirmation,
    dryRun,
    rows: did.map((tn) => ({ tn, address })),
  }),
})
