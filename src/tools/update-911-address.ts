import * as z from 'zod'
import { envelope } from '../operations/envelope.ts'
import { addressFields } from './location.ts'
import { consent, numbers } from './numbers.ts'
import { defineWrite } from './tool.ts'

export const update911 = defineWrite({
  name: 'update911',
  title: 'Replace a 911 address',
  toolset: 'e911',
  effect: 'safety',
  description:
    'Replaces the 911 address of numbers: help goes where it says. An address that is not valid is not sent, because it would leave them with none.',
  input: z.strictObject({ did: numbers, ...addressFields, ...consent }),
  output: envelope,
  request: ({ did, reason, confirmation, dryRun, ...address }) => ({
    reason,
    confirmation,
    dryRun,
    rows: did.map((tn) => ({ tn, address })),
  }),
})
