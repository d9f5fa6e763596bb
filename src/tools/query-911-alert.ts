import * as z from 'zod'
import { explain } from '../carrier/outcomes.ts'
import { numbers } from './numbers.ts'
import { refusalOf } from './refused-number.ts'
import { together } from './together.ts'
import { answer, defineRead } from './tool.ts'
import { wordsBeside } from './words.ts'

const row = z.strictObject({
  tn: z.string(),
  code: z.int().optional(),
  meaning: z.string(),
  words: z.string().optional(),
  emails: z.array(z.string()).optional(),
})

type AlertRow = z.output<typeof row>

export const Query911Alert = defineRead({
  name: 'Query911Alert',
  title: '911 alerts',
  toolset: 'e911',
  effect: 'read',
  description: 'Who is mailed when 911 is dialled from a number.',
  input: z.strictObject({ tn: numbers }),
  output: answer({ results: z.array(row) }),

  async read(args, context) {
    const ask = async (tn: string, signal: AbortSignal): Promise<AlertRow> => {
      const { code, message, emails } = await context.carrier.Query911Alert(tn, { signal })
      const told = emails.length > 0 ? 'these are mailed' : 'nobody is mailed'
      const meaning = code === 100 || code === 101 ? told : explain(code).meaning
      return { tn, code, meaning, ...wordsBeside(code, message), emails }
    }
    return { results: await together<AlertRow>(args.tn, context, { ask, odd: refusalOf }) }
  },
})
