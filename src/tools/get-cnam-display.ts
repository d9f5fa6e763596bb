import * as z from 'zod'
import { type FieldRow, fieldRow, fieldRows } from './field-rows.ts'
import { numbers } from './numbers.ts'
import { answer, defineRead } from './tool.ts'

export const GetCNAMDisplay = defineRead({
  name: 'GetCNAMDisplay',
  title: 'Stored caller name',
  toolset: 'cnam',
  effect: 'read',
  description: 'The name that others see when a number of this account calls them.',
  input: z.strictObject({ tn: numbers }),
  output: answer({ results: z.array(fieldRow) }),

  async read(args, context): Promise<{ results: FieldRow[] }> {
    const ask = async (tn: string, signal: AbortSignal) => {
      const { code, message, name: value } = await context.carrier.GetCNAMDisplay(tn, { signal })
      return { code, message, value }
    }
    const meanings = { some: 'the name that is stored', none: 'no name is stored' }
    return { results: await fieldRows(args.tn, context, ask, meanings) }
  },
})
