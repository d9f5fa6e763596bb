import * as z from 'zod'
import { countKey, groupCounts, pageByKey } from '../listings/counts.ts'
import { beginAt, type CursorKind, sealCursor } from '../listings/cursor.ts'
import { besides, besidesOf } from './besides.ts'
import { criteriaOf, criteriaOfCursor, limit, searchInput } from './criteria.ts'
import { addSentence } from './issue.ts'
import { answer, defineRead } from './tool.ts'

const orders = ['rc', 'lata', 'state', 'tier'] as const

/** The order, in any case; published as the words themselves. */
const orderby = z.string().toLowerCase().pipe(z.enum(orders)).meta({ enum: orders }).optional()

const groups = ['rateCenter', 'state', 'lata', 'tier'] as const
const groupBy = z.enum(groups).optional()

const count = z.strictObject({
  didCount: z.int(),
  state: z.string().optional(),
  rateCenter: z.string().optional(),
  tier: z.string().optional(),
  lataId: z.int().optional(),
  cnam: z.boolean().optional().describe('outbound name available'),
  t38: z.boolean().optional(),
  sms: z.boolean().optional(),
})

const rowsAPage = 50

const kind = {
  tool: 'getDIDCount',
  query: criteriaOfCursor.extend({ orderby, groupBy }),
  last: z
    .array(z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .min(2)
    .max(8),
} satisfies CursorKind<z.ZodType, z.ZodType>

export const getDIDCount = defineRead({
  name: 'getDIDCount',
  title: 'Count available DIDs',
  effect: 'read',
  description:
    'How many numbers could be had, by rate center, tier and capabilities: where stock is, before getDIDs. ' +
    'Give as many criteria as you can. total is the sum of all rows, also of those on later pages; groupBy adds them up, the largest first.',
  input: searchInput({
    orderby: orderby.describe('default state'),
    groupBy: groupBy.describe('sums; not beside orderby'),
    limit: limit(rowsAPage),
  }).superRefine((args, context) => {
    if (args.orderby === undefined || args.groupBy === undefined) return
    addSentence(
      context,
      [],
      'orderby does not go with groupBy, whose sums stand the largest first: leave one of them out',
    )
  }),
  output: answer({
    total: z.int(),
    nextCursor: z.string().optional(),
    asOf: z.string(),
    ...besides,
    counts: z.array(count),
  }),

  async read(args, { listings, account, signal, progress }) {
    const { orderby, groupBy, limit, cursor } = args
    const query = { ...criteriaOf(args), ...(orderby && { orderby }), ...(groupBy && { groupBy }) }
    const page = beginAt(kind, account.id, { query, limit, cursor }, rowsAPage)
    const arrangement = { orderby: page.query.orderby, groupBy: page.query.groupBy }
    const snapshot = await listings.counts(criteriaOf(page.query), arrangement.orderby, {
      signal,
      progress: (rows) => progress(rows, undefined, `${rows} counts read`),
    })
    const counts = arrangement.groupBy ? groupCounts(snapshot.rows, arrangement.groupBy) : snapshot.rows
    const { rows, more } = pageByKey(counts, arrangement, page.last, page.limit)
    const end = rows.at(-1)
    const last = end && countKey(end, arrangement)
    return {
      total: snapshot.rows.reduce((sum, row) => sum + row.didCount, 0),
      ...(more && last && { nextCursor: sealCursor(kind.tool, account.id, { ...page, last }) }),
      asOf: new Date(snapshot.asOf).toISOString(),
      ...besidesOf(snapshot),
      counts: rows,
    }
  },
})
