import * as z from 'zod'
import { type FieldRow, fieldRow, fieldRows } from './field-rows.ts'
import { numbers } from './numbers.ts'
import { answer, defineRead } from './tool.ts'

export const GetDIDFailover = defineRead({
  name: 'GetDIDFailover',
  title: 'Failover',
  toolset: 'routing',
  effect: 'read',
  description: 'Where calls to a number go when its endpoint is away.',
  input: z.strictObject({ tn: numbers }),
  output: answer({ results: z.array(fieldRow) }),

  async read(args, context): Promise<{ results: FieldRow[] }> {
    const ask = async (tn: string, signal: AbortSignal) => {
      const { code, message, failover: value } = await context.carrier.GetDIDFailover(tn, { signal })
      return { code, message, value }
    }
    const meanings = { some: 'where calls go when the endpoint is away', none: 'no failover is set' }
    return { results: await fieldRows(args.tn, context, ask, meanings) }
  },
})
