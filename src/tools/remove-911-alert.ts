import * as z from 'zod'
import { envelope } from '../operations/envelope.ts'
import { consent, email, numbers } from './numbers.ts'
import { defineWrite } from './tool.ts'

export const Remove911Alert = defineWrite({
  name: 'Remove911Alert',
  title: 'End a 911 mail',
  toolset: 'e911',
  effect: 'safety',
  description: 'Ends the mails that an address gets when 911 is dialled from these numbers.',
  input: z.strictObject({ tn: numbers, email, ...consent }),
  output: envelope,
  request: ({ tn, reason, confirmation, dryRun, email }) => ({
    reason,
    confirmation,
    dryRun,
    rows: tn.map((tn) => ({ tn, email })),
  }),
})
