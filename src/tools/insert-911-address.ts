import * as z from 'zod'
import { envelope } from '../operations/envelope.ts'
import { addressFields } from './location.ts'
import { consent, numbers } from './numbers.ts'
import { defineWrite } from './tool.ts'

export const insert911 = defineWrite({
  name: 'insert911',
  title: 'Add a 911 address',
  toolset: 'e911',
  effect: 'safety',
  description:
    'Adds a postal address for 911 to numbers of this account that have none: a call to 911 carries it. One address for all. Ask validate911 first; an address that is not valid is not sent.',
  input: z.strictObject({ did: numbers, ...addressFields, ...consent }),
  output: envelope,
  request: ({ did, reason, confirmation, dryRun, ...address }) => ({
    reason,
    confirmation,
    dryRun,
    rows: did.map((tn) => ({ tn, address })),
  }),
})
