import * as z from 'zod'
import { type FieldRow, fieldRow, fieldRows } from './field-rows.ts'
import { numbers } from './numbers.ts'
import { answer, defineRead } from './tool.ts'

export const GetDIDForward = defineRead({
  name: 'GetDIDForward',
  title: 'Forward',
  toolset: 'routing',
  effect: 'read',
  description: 'Where calls to a number are forwarded to instead of being delivered to its endpoint group.',
  input: z.strictObject({ tn: numbers }),
  output: answer({ results: z.array(fieldRow) }),

  async read(args, context): Promise<{ results: FieldRow[] }> {
    const ask = async (tn: string, signal: AbortSignal) => {
      const { code, message, forward: value } = await context.carrier.GetDIDForward(tn, { signal })
      return { code, message, value }
    }
    const meanings = {
      some: 'where calls are forwarded to',
      none: 'it is not forwarded: calls go to its endpoint group',
    }
    return { results: await fieldRows(args.tn, context, ask, meanings) }
  },
})
