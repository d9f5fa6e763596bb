import * as z from 'zod'
import { envelope } from './envelope.ts'
import { addSentence } from './issue.ts'
import { consent, didParams, requestOf, rowsOf, settings } from './numbers.ts'
import { defineWrite } from './tool.ts'

export const assignDID = defineWrite({
  name: 'assignDID',
  title: 'Assign DIDs',
  effect: 'spend',
  description:
    'Buys available or reserved numbers and puts them on an endpoint group: billing starts. Each number needs an endpoint group, its own or the call’s. ' +
    'If the outcome is uncertain, do not repeat it: ask queryDID or listOperations first.',
  input: z.strictObject({ didParams, ...settings, ...consent }).superRefine((args, context) => {
    rowsOf(args).forEach(({ tn, epg }, index) => {
      if (epg === undefined) addSentence(context, ['didParams', index], `${tn} has no endpoint group (epg)`)
    })
  }),
  output: envelope,
  request: requestOf,
})
