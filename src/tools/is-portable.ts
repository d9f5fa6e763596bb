import * as z from 'zod'
import type { Portability } from '../carrier/carrier.ts'
import { explain } from '../carrier/outcomes.ts'
import { asList, numberOrNumbers } from './numbers.ts'
import { together } from './together.ts'
import { defineRead } from './tool.ts'

export const isPortable = defineRead({
  name: 'isPortable',
  title: 'Check portability',
  effect: 'read',
  description:
    'Whether numbers of another company could be ported in to this carrier. It starts no port: orders are made in the Back Office and followed with getPortDetails.',
  input: z.strictObject({ tn: numberOrNumbers }),
  output: z.strictObject({
    results: z.array(
      z.strictObject({
        tn: z.string(),
        portable: z.boolean(),
        code: z.int().optional(),
        meaning: z.string().optional(),
      }),
    ),
  }),

  async read(args, context) {
    const ask = async (tn: string, signal: AbortSignal) => show(await context.carrier.isPortable(tn, { signal }))
    return { results: await together(asList(args.tn), context, ask) }
  },
})

/** A yes speaks for itself; a no says why, as far as the carrier does. */
function show({ tn, portable, code, message }: Portability) {
  if (portable) return { tn, portable }
  // 100 says only that the question was answered, and there is no code for the reasons of a no.
  if (code === 100) return { tn, portable, meaning: noReason }
  return { tn, portable, code, meaning: message ?? explain(code).meaning }
}

const noReason = 'the carrier says no and gives no reason; queryDID says whether it is yours already'
