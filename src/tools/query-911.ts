import * as z from 'zod'
import { locatedRow, locatedRows } from './located-rows.ts'
import { numbers } from './numbers.ts'
import { answer, defineRead } from './tool.ts'

export const query911 = defineRead({
  name: 'query911',
  title: 'E911 address',
  toolset: 'e911',
  effect: 'read',
  description:
    'The address that a call to 911 from a number carries now. Ask it after insert911 and update911: only it tells whether they took.',
  input: z.strictObject({ did: numbers }),
  output: answer({ results: z.array(locatedRow) }),

  async read({ did }, context) {
    const meanings = {
      some: 'the address that is provisioned',
      none: 'no address is provisioned: a call to 911 carries none',
    }
    return { results: await locatedRows(did, context, context.carrier.query911, meanings) }
  },
})
