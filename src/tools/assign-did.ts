import * as z from 'zod'
import { envelope } from '../operations/envelope.ts'
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
    const without = rowsOf(args).flatMap(({ tn, epg }) => (epg === undefined ? [tn] : []))
    if (without.length === 0) return
    const more = without.length > mostNamed ? ` and ${without.length - mostNamed} more` : ''
    addSentence(
      context,
      [],
      `no endpoint group was given for ${without.slice(0, mostNamed).join(', ')}${more}: put epg on the call or on the number. ` +
        'auditDIDs counts those in use; which one it is, the person must say',
    )
  }),
  output: envelope,
  request: requestOf,
})

const mostNamed = 5
