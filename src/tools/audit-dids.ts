import * as z from 'zod'
import { pageUri } from '../listings/csv.ts'
import { beginAt, type CursorKind, sealCursor } from '../listings/cursor.ts'
import { pageByNumber } from '../listings/pages.ts'
import { filterDids } from '../listings/query.ts'
import { summarize } from '../listings/summary.ts'
import { besides, besidesOf } from './besides.ts'
import { cursor, limit, npa, ownState, partOfNumber, rateCenter, tier } from './criteria.ts'
import { brief, did } from './did.ts'
import { carrierId } from './numbers.ts'
import { answer, defineRead } from './tool.ts'

const filter = z.strictObject({
  digits: partOfNumber,
  npa: npa.optional(),
  state: ownState.optional().describe('TF, ALL: toll-free'),
  rateCenter: rateCenter.optional(),
  tier: tier.optional(),
  endpointId: carrierId.optional(),
  refId: z.string().max(64).optional().describe('exact; "" for none'),
  has911: z.boolean().optional().describe('E911 address on file; toll-free has none'),
  cnam: z.boolean().optional().describe('inbound dip'),
})

const tally = z.record(z.string(), z.int())

const rowsAPage = 20

const kind = {
  tool: 'auditDIDs',
  query: z.strictObject({ filter: filter.optional() }),
  last: z.string().regex(/^[0-9]{10}$/),
} satisfies CursorKind<z.ZodType, z.ZodType>

export const auditDIDs = defineRead({
  name: 'auditDIDs',
  title: 'Audit DIDs',
  effect: 'read',
  description:
    'The numbers this account owns: how many by state, rate center, tier and endpoint group (limit 0: that alone), and the numbers page by page. ' +
    'The summary counts what the filter lets through. A large account takes minutes to download and is then kept for a minute; for one number use queryDID.',
  input: z.strictObject({ filter: filter.optional(), limit: limit(rowsAPage, { least: 0 }), cursor }),
  output: answer({
    total: z.int(),
    matched: z.int(),
    nextCursor: z.string().optional(),
    asOf: z.string(),
    csv: z.string(),
    ...besides,
    summary: z.strictObject({ byState: tally, byTier: tally, byEndpoint: tally, byRateCenter: tally }),
    dids: z.array(did),
  }),

  async read(args, { listings, account, signal, progress }) {
    const asked = { query: args.filter ? { filter: args.filter } : {}, limit: args.limit, cursor: args.cursor }
    const page = beginAt(kind, account.id, asked, rowsAPage)
    const snapshot = await listings.audit({
      signal,
      progress: (rows) => progress(rows, undefined, `${rows} numbers read`),
    })
    const matching = filterDids(snapshot.rows, page.query.filter ?? {})
    const { rows, more } = pageByNumber(matching, page.last, page.limit)
    const last = rows.at(-1)?.tn
    return {
      total: snapshot.rows.length,
      matched: matching.length,
      ...(more && last !== undefined && { nextCursor: sealCursor(kind.tool, account.id, { ...page, last }) }),
      asOf: new Date(snapshot.asOf).toISOString(),
      csv: pageUri(1),
      ...besidesOf(snapshot),
      summary: summarize(matching),
      dids: rows.map(brief),
    }
  },
})
