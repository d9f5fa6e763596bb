import * as z from 'zod'
import { answer, defineRead } from './tool.ts'
import { wordsBeside } from './words.ts'

export const GetPrepaidBalance = defineRead({
  name: 'GetPrepaidBalance',
  title: 'Prepaid balance',
  toolset: 'account',
  effect: 'read',
  description:
    'What is left of the prepaid money of this account, in its own currency, which the carrier does not name. What a number costs is not known here.',
  input: z.strictObject({}),
  output: answer({ balance: z.number(), words: z.string().optional() }),

  async read(_args, { carrier, signal }) {
    const { amount, message } = await carrier.GetPrepaidBalance({ signal })
    return { balance: amount, ...wordsBeside(100, message) }
  },
})
