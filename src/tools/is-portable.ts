import * as z from 'zod'
import { explain } from '../carrier/outcomes.ts'
import type { Portability } from '../carrier/porting.ts'
import { numbers } from './numbers.ts'
import { refusalOf } from './refused-number.ts'
import { together } from './together.ts'
import { answer, defineRead } from './tool.ts'
import { wordsBeside } from './words.ts'

const row = z.strictObject({
  tn: z.string(),
  portable: z.boolean().optional(),
  code: z.int().optional(),
  meaning: z.string().optional(),
  words: z.string().optional(),
})

type PortableRow = z.output<typeof row>

export const isPortable = defineRead({
  name: 'isPortable',
  title: 'Check portability',
  effect: 'read',
  description:
    'Whether numbers of another company could be ported in to this carrier. It starts no port: orders are made in the Back Office and followed with getPortDetails.',
  input: z.strictObject({ tn: numbers }),
  output: answer({
    results: z.array(row),
  }),

  async read(args, context) {
    const ask = async (tn: string, signal: AbortSignal) => show(await context.carrier.isPortable(tn, { signal }))
    return { results: await together<PortableRow>(args.tn, context, { ask, odd: refusalOf }) }
  },
})

/** A no says why, as far as the carrier does, in its own words too: there is no code for the reasons of a no. */
function show({ tn, portable, code, message }: Portability): PortableRow {
  const said = wordsBeside(code, message)
  if (portable) return { tn, portable, ...said }
  if (code !== 100) return { tn, portable, code, meaning: explain(code).meaning, ...said }
  return {
    tn,
    portable,
    meaning: said.words === undefined ? noReason : 'the carrier says no, and why in its own words',
    ...said,
  }
}

const noReason = 'the carrier says no and gives no reason; queryDID says whether it is yours already'
