import * as z from 'zod'
import { locatedRow, locatedRows } from './located-rows.ts'
import { numbers } from './numbers.ts'
import { answer, defineRead } from './tool.ts'

export const getLocations = defineRead({
  name: 'getLocations',
  title: 'E911 locations',
  toolset: 'e911',
  effect: 'read',
  description:
    'Every 911 location of a number, provisioned or not, with the locationId that provisionLocation and removeLocation take.',
  input: z.strictObject({ did: numbers }),
  output: answer({ results: z.array(locatedRow) }),

  async read({ did }, context) {
    const meanings = { some: 'its locations; the one that is PROVISIONED is in use', none: 'it has no location' }
    return { results: await locatedRows(did, context, context.carrier.getLocations, meanings) }
  },
})
