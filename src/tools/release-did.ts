import * as z from 'zod'
import { envelope } from '../operations/envelope.ts'
import { consent, didNumbers, requestOf } from './numbers.ts'
import { defineWrite } from './tool.ts'

export const releaseDID = defineWrite({
  name: 'releaseDID',
  title: 'Release DIDs',
  effect: 'destroy',
  description:
    'Gives numbers back to the carrier, whether assigned or reserved: service and billing end. It cannot be undone; another company may take them at once.',
  input: z.strictObject({ didParams: didNumbers, ...consent }),
  output: envelope,
  request: requestOf,
})
