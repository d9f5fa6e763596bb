import * as z from 'zod'
import { envelope } from '../operations/envelope.ts'
import { consent, numbers } from './numbers.ts'
import { defineWrite } from './tool.ts'

export const RemoveCNAM = defineWrite({
  name: 'RemoveCNAM',
  title: 'Remove a caller name',
  toolset: 'cnam',
  effect: 'change',
  description: 'Removes the stored name that others see when these numbers call them.',
  input: z.strictObject({ tn: numbers, ...consent }),
  output: envelope,
  request: ({ tn, ...rest }) => ({ ...rest, rows: tn.map((tn) => ({ tn, cnamName: '' })) }),
})
