import * as z from 'zod'
import { envelope } from '../operations/envelope.ts'
import { consent, numbers } from './numbers.ts'
import { defineWrite } from './tool.ts'

export const remove911 = defineWrite({
  name: 'remove911',
  title: 'Remove 911',
  toolset: 'e911',
  effect: 'safety',
  description:
    'Removes 911 from numbers: calls to 911 carry no address from then on. By law most numbers in use need one.',
  input: z.strictObject({ did: numbers, ...consent }),
  output: envelope,
  request: ({ did, reason, confirmation, dryRun }) => ({
    reason,
    confirmation,
    dryRun,
    rows: did.map((tn) => ({ tn })),
  }),
})
