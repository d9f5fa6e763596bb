import * as z from 'zod'
import { locatedRow, locatedRows } from './located-rows.ts'
import { numbers } from './numbers.ts'
import { answer, defineRead } from './tool.ts'

export const getProvisioningHistory = defineRead({
  name: 'getProvisioningHistory',
  title: 'E911 history',
  toolset: 'e911',
  effect: 'read',
  description: 'The addresses that were provisioned for a number before, from the 911 provider.',
  input: z.strictObject({ did: numbers }),
  output: answer({ results: z.array(locatedRow) }),

  async read({ did }, context) {
    const meanings = { some: 'what was provisioned before', none: 'nothing was provisioned before' }
    return { results: await locatedRows(did, context, context.carrier.getProvisioningHistory, meanings) }
  },
})
