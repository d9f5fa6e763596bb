import * as z from 'zod'
import type { Did, Queried } from '../carrier/carrier.ts'
import type { CarrierError } from '../carrier/errors.ts'
import { explain, queryStatus } from '../carrier/outcomes.ts'
import { did as didFields, status } from './did.ts'
import { numbers } from './numbers.ts'
import { refusalOf } from './refused-number.ts'
import { together } from './together.ts'
import { answer, defineRead } from './tool.ts'
import { wordsBeside } from './words.ts'

const row = z.strictObject({
  tn: z.string(),
  status,
  code: z.int().optional(),
  meaning: z.string(),
  words: z.string().optional(),
  did: didFields.optional(),
})

type QueriedRow = z.output<typeof row>
type Status = z.output<typeof status>

export const queryDID = defineRead({
  name: 'queryDID',
  title: 'Query DIDs',
  effect: 'read',
  description:
    'What given numbers are now: yours (with routing, E911 and caller name), reserved by you, available, taken by another company, or unknown to the carrier. ' +
    'Always fresh; ask it before a write, and after one whose outcome is uncertain.',
  input: z.strictObject({ did: numbers }),
  output: answer({
    results: z.array(row),
  }),

  async read(args, context) {
    const ask = async (tn: string, signal: AbortSignal) => show(await context.carrier.queryDID(tn, { signal }))
    return { results: await together<QueriedRow>(args.did, context, { ask, odd: refused }) }
  },
})

const meanings = {
  yours: 'assigned to this account',
  reserved: 'reserved by this account',
  available: 'available to reserve or assign',
  taken: 'of another company',
  unknown: 'the carrier does not say what this number is',
}

function show({ tn, code, did, message: words }: Queried): QueriedRow {
  const status = queryStatus(code, did?.availability)
  // 100 says only that the query worked; any other code says what the number is.
  const meaning = code === 100 ? meanings[status] : explain(code).meaning
  return { tn, status, code, meaning, ...wordsBeside(code, words), ...(did && { did: besideRow(did, code, status) }) }
}

/** A number's fields without what the row says already: by its status, its code or another of the fields. */
function besideRow(did: Did, code: number, status: Status): z.output<typeof didFields> {
  const { statusCode, availability, rewrite, status: sentence, ...rest } = did
  return {
    ...rest,
    ...(rewrite !== rest.tn && { rewrite }),
    ...(availability?.toLowerCase() !== availabilities[status] && { availability }),
    ...(statusCode !== code && { statusCode }),
    ...(sentence?.toLowerCase() !== sentenceOf(did, code, status).toLowerCase() && { status: sentence }),
  }
}

const availabilities: Readonly<Partial<Record<Status, string>>> = {
  yours: 'assigned',
  reserved: 'reserved',
  available: 'available',
}

const refused = (tn: string, error: CarrierError): QueriedRow => ({ ...refusalOf(tn, error), status: 'unknown' })

/** What the carrier's sentence says where it says no more than the fields (docs/carrier.md, section 4). */
function sentenceOf({ tn, refId = '', rewrite = tn, endpointId }: Did, code: number, status: Status): string {
  switch (status) {
    case 'yours':
      return `Number currently assigned to you with refid '${refId}' rewritten as '${rewrite}' to endpoint '${endpointId}'`
    case 'reserved':
      return 'Number currently reserved for you'
    case 'available':
      return 'Number currently available'
    default:
      return `Number currently ${explain(code).meaning}`
  }
}
