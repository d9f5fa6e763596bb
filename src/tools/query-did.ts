import * as z from 'zod'
import type { Queried } from '../carrier/carrier.ts'
import { explain, queryStatus } from '../carrier/outcomes.ts'
import { did, status } from './did.ts'
import { asList, numberOrNumbers } from './numbers.ts'
import { together } from './together.ts'
import { defineRead } from './tool.ts'

export const queryDID = defineRead({
  name: 'queryDID',
  title: 'Query DIDs',
  effect: 'read',
  description:
    'What given numbers are now: yours (with routing, E911 and caller name), reserved by you, available, taken by another company, or unknown to the carrier. ' +
    'Always fresh; ask it before a write, and after one whose outcome is uncertain.',
  input: z.strictObject({ did: numberOrNumbers }),
  output: z.strictObject({
    results: z.array(
      z.strictObject({ tn: z.string(), status, code: z.int(), meaning: z.string(), did: did.optional() }),
    ),
  }),

  async read(args, context) {
    const ask = async (tn: string, signal: AbortSignal) => show(await context.carrier.queryDID(tn, { signal }))
    return { results: await together(asList(args.did), context, ask) }
  },
})

const meanings = {
  yours: 'assigned to this account',
  reserved: 'reserved by this account',
  available: 'available to reserve or assign',
  taken: 'of another company',
  unknown: 'the carrier does not say what this number is',
}

function show({ tn, code, did }: Queried) {
  const status = queryStatus(code, did?.availability)
  // 100 says only that the query worked; any other code says what the number is.
  const meaning = code === 100 ? meanings[status] : explain(code).meaning
  return { tn, status, code, meaning, ...(did && { did }) }
}
