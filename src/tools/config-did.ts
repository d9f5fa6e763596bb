import * as z from 'zod'
import { envelope } from '../operations/envelope.ts'
import { addSentence } from './issue.ts'
import { consent, didParams, requestOf, rowsOf, settings } from './numbers.ts'
import { defineWrite } from './tool.ts'

export const configDID = defineWrite({
  name: 'configDID',
  title: 'Configure DIDs',
  effect: 'change',
  description:
    'Changes endpoint group, caller-name dip or reference of numbers this account owns; what is left out stays as it is. ' +
    'Another endpoint group re-routes live calls at once.',
  input: z.strictObject({ didParams, ...settings, ...consent }).superRefine((args, context) => {
    rowsOf(args).forEach((row, index) => {
      if (Object.keys(row).length > 1) return
      addSentence(context, ['didParams', index], `${row.tn} has nothing to change: give epg, cnam or refId`)
    })
  }),
  output: envelope,
  request: requestOf,
})
