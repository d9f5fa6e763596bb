import * as z from 'zod'
import { envelope } from '../operations/envelope.ts'
import { consent, numbers, plainText } from './numbers.ts'
import { defineWrite } from './tool.ts'

export const SetDIDForward = defineWrite({
  name: 'SetDIDForward',
  title: 'Forward calls',
  toolset: 'routing',
  effect: 'change',
  description:
    'Forwards all calls to these numbers at once, instead of delivering them to their endpoint group. RemoveDIDForward ends it.',
  input: z.strictObject({ tn: numbers, forward: plainText(64).describe('a number or address'), ...consent }),
  output: envelope,
  request: ({ tn, forward, ...rest }) => ({ ...rest, rows: tn.map((tn) => ({ tn, forward })) }),
})
