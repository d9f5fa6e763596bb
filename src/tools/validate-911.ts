import * as z from 'zod'
import { addressFields, location, tellLocation } from './location.ts'
import { answer, defineRead } from './tool.ts'
import { wordsBeside } from './words.ts'

export const validate911 = defineRead({
  name: 'validate911',
  title: 'Validate a 911 address',
  toolset: 'e911',
  effect: 'read',
  description:
    'Whether a postal address is good for 911, and as the 911 provider writes it. It provisions nothing: insert911 does. Ask it before every insert911 and update911.',
  input: z.strictObject(addressFields),
  output: answer({
    valid: z.boolean(),
    meaning: z.string(),
    words: z.string().optional(),
    locations: z.array(location),
  }),

  async read(address, { carrier, signal }) {
    const { code, valid, message, statuses, locations } = await carrier.validate911(address, { signal })
    const said = [message, ...statuses.map(({ description }) => description)].find((words) => words !== undefined)
    return {
      valid,
      meaning: valid
        ? 'good for 911; nothing was provisioned'
        : 'not good for 911 as it stands: check number, street, city, state and zip',
      ...wordsBeside(code, said),
      locations: locations.map(tellLocation),
    }
  },
})
