import * as z from 'zod'
import { envelope } from '../operations/envelope.ts'
import { consent, didParams, requestOf, settings } from './numbers.ts'
import { defineWrite } from './tool.ts'

export const reserveDID = defineWrite({
  name: 'reserveDID',
  title: 'Reserve DIDs',
  effect: 'hold',
  description:
    'Holds available numbers for this account for 30 minutes, without charge. Not assigned by then, they go back to inventory; ' +
    'a number just found may already be gone.',
  input: z.strictObject({ didParams, ...settings, ...consent }),
  output: envelope,
  request: requestOf,
})
