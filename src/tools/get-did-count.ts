import * as z from 'zod'
import { beginAt, type CursorKind, sealCursor } from '../listings/cursor.ts'
import { countKey, pageByKey } from '../listings/query.ts'
import { besides, besidesOf } from './besides.ts'
import { criteriaOf, criteriaOfCursor, limit, searchInput } from './criteria.ts'
import { defineRead } from './tool.ts'

const orders = ['rc', 'lata', 'state', 'tier'] as const

/** In any case; published as the words themselves. */
const orderby = z.string().toLowerCase().pipe(z.enum(orders)).meta({ enum: orders }).optional()

const count = z.strictObject({
  didCount: z.int(),
  rateCenter: z.string().optional(),
  state: z.string().optional(),
  tier: z.string().optional(),
  lataId: z.int().optional(),
  cnam: z.boolean().optional(),
  t38: z.boolean().optional(),
  sms: z.boolean().optional(),
})

const rowsAPage = 50

const kind = {
  tool: 'getDIDCount',
  query: criteriaOfCursor.extend({ orderby }),
  last: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).length(8),
} satisfies CursorKind<z.ZodType, z.ZodType>

export const getDIDCount = defineRead({
  name: 'getDIDCount',
  title: 'Count available DIDs',
  effect: 'read',
  description:
    'How many numbers could be had, by rate center, tier and capabilities: where stock is, before getDIDs. ' +
    'Give as many criteria as you can; total is the sum of all rows, also of those on later pages.',
  input: searchInput({ orderby: orderby.describe('default state'), limit: limit(rowsAPage) }),
  output: z.strictObject({
    total: z.int(),
    nextCursor: z.string().optional(),
    asOf: z.string(),
    ...besides,
    counts: z.array(count),
  }),

  async read(args, { listings, account, signal, progress }) {
    const { limit, cursor } = args
    const query = { ...criteriaOf(args), ...(args.orderby && { orderby: args.orderby }) }
    const page = beginAt(kind, account.id, { query, limit, cursor }, rowsAPage)
    const { orderby, ...criteria } = page.query
    const snapshot = await listings.counts(criteria, orderby, {
      signal,
      progress: (rows) => progress(rows, undefined, `${rows} counts read`),
    })
    const { rows, more } = pageByKey(snapshot.rows, orderby, page.last, page.limit)
    const last = rows.at(-1)
    return {
      total: snapshot.rows.reduce((sum, row) => sum + row.didCount, 0),
      ...(more &&
        last !== undefined && {
          nextCursor: sealCursor(kind.tool, account.id, { ...page, last: countKey(last, orderby) }),
        }),
      asOf: new Date(snapshot.asOf).toISOString(),
      ...besidesOf(snapshot),
      counts: rows,
    }
  },
})
