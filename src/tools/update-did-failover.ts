import * as z from 'zod'
import { envelope } from '../operations/envelope.ts'
import { consent, numbers, plainText } from './numbers.ts'
import { defineWrite } from './tool.ts'

export const UpdateDIDFailover = defineWrite({
  name: 'UpdateDIDFailover',
  title: 'Set a failover',
  toolset: 'routing',
  effect: 'change',
  description:
    'Sets where calls to these numbers go when their endpoint is away: one target for all. It touches no call while the endpoint is there.',
  input: z.strictObject({ tn: numbers, failover: plainText(64).describe('a number or address'), ...consent }),
  output: envelope,
  request: ({ tn, failover, ...rest }) => ({ ...rest, rows: tn.map((tn) => ({ tn, failover })) }),
})
