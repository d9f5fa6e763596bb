import * as z from 'zod'
import { envelope } from '../operations/envelope.ts'
import { consent, email, numbers } from './numbers.ts'
import { defineWrite } from './tool.ts'

export const Add911Alert = defineWrite({
  name: 'Add911Alert',
  title: 'Mail when 911 is dialled',
  toolset: 'e911',
  effect: 'safety',
  description: 'Adds an address that is mailed when 911 is dialled from these numbers.',
  input: z.strictObject({ tn: numbers, email, ...consent }),
  output: envelope,
  request: ({ tn, reason, confirmation, dryRun, email }) => ({
    reason,
    confirmation,
    dryRun,
    rows: tn.map((tn) => ({ tn, email })),
  }),
})
