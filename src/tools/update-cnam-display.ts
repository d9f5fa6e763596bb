import * as z from 'zod'
import { envelope } from '../operations/envelope.ts'
import { consent, numbers, plainText } from './numbers.ts'
import { defineWrite } from './tool.ts'

export const UpdateCNAMDisplay = defineWrite({
  name: 'UpdateCNAMDisplay',
  title: 'Store a caller name',
  toolset: 'cnam',
  effect: 'change',
  description:
    'Stores the name that others see when these numbers call them: at most 15 characters, spaces counted, only where cnamStorageAvailability is true. It may take days until others show it.',
  input: z.strictObject({
    tn: numbers,
    name: plainText(15).describe('one name for all, at most 15 characters'),
    ...consent,
  }),
  output: envelope,
  request: ({ tn, name, ...rest }) => ({ ...rest, rows: tn.map((tn) => ({ tn, cnamName: name })) }),
})
