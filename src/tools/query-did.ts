import * as z from 'zod'
import type { Queried } from '../carrier/carrier.ts'
import type { CarrierError } from '../carrier/errors.ts'
import { explain, queryStatus } from '../carrier/outcomes.ts'
import { did, status } from './did.ts'
import { asList, numberOrNumbers } from './numbers.ts'
import { refusalOf } from './refused-number.ts'
import { together } from './together.ts'
import { defineRead } from './tool.ts'
import { wordsBeside } from './words.ts'

const row = z.strictObject({
  tn: z.string(),
  status,
  code: z.int().optional(),
  meaning: z.string(),
  words: z.string().optional(),
  did: did.optional(),
})

type Row = z.output<typeof row>

export const queryDID = defineRead({
  name: 'queryDID',
  title: 'Query DIDs',
  effect: 'read',
  description:
    'What given numbers are now: yours (with routing, E911 and caller name), reserved by you, available, taken by another company, or unknown to the carrier. ' +
    'Always fresh; ask it before a write, and after one whose outcome is uncertain.',
  input: z.strictObject({ did: numberOrNumbers }),
  output: z.strictObject({
    results: z.array(row),
  }),

  async read(args, context) {
    const ask = async (tn: string, signal: AbortSignal) => show(await context.carrier.queryDID(tn, { signal }))
    return { results: await together<Row>(asList(args.did), context, { ask, odd: refused }) }
  },
})

const meanings = {
  yours: 'assigned to this account',
  reserved: 'reserved by this account',
  available: 'available to reserve or assign',
  taken: 'of another company',
  unknown: 'the carrier does not say what this number is',
}

function show({ tn, code, did, message: words }: Queried): Row {
  const status = queryStatus(code, did?.availability)
  // 100 says only that the query worked; any other code says what the number is.
  const meaning = code === 100 ? meanings[status] : explain(code).meaning
  return { tn, status, code, meaning, ...wordsBeside(code, words), ...(did && { did }) }
}

const refused = (tn: string, error: CarrierError): Row => ({ ...refusalOf(tn, error), status: 'unknown' })
