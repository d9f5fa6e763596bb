import * as z from 'zod'
import { beginAt, type CursorKind, sealCursor } from '../listings/cursor.ts'
import { pageByNumber } from '../listings/query.ts'
import { besides, besidesOf } from './besides.ts'
import { criteriaOf, criteriaOfCursor, limit, searchInput } from './criteria.ts'
import { defineRead } from './tool.ts'

const locator = z.strictObject({
  tn: z.string(),
  rateCenter: z.string().optional(),
  state: z.string().optional(),
  tier: z.string().optional(),
  lataId: z.int().optional(),
  outboundCNAM: z.boolean().optional(),
  t38: z.boolean().optional(),
  sms: z.boolean().optional(),
  network: z.string().optional(),
})

const rowsAPage = 25

const kind = {
  tool: 'getDIDs',
  query: criteriaOfCursor,
  last: z.string().regex(/^[0-9]{10}$/),
} satisfies CursorKind<z.ZodType, z.ZodType>

export const getDIDs = defineRead({
  name: 'getDIDs',
  title: 'Search available DIDs',
  effect: 'read',
  description:
    'Numbers that could be had now, to choose from before reserveDID. Give as many criteria as you can: a broad search takes minutes. ' +
    'A number found may be gone a moment later; only reserveDID holds it.',
  input: searchInput({ limit: limit(rowsAPage) }),
  output: z.strictObject({
    total: z.int(),
    nextCursor: z.string().optional(),
    asOf: z.string(),
    ...besides,
    dids: z.array(locator),
  }),

  async read(args, { listings, account, signal, progress }) {
    const { limit, cursor } = args
    const page = beginAt(kind, account.id, { query: criteriaOf(args), limit, cursor }, rowsAPage)
    const snapshot = await listings.search(page.query, {
      signal,
      progress: (rows) => progress(rows, undefined, `${rows} numbers found`),
    })
    const { rows, more } = pageByNumber(snapshot.rows, page.last, page.limit)
    const last = rows.at(-1)?.tn
    return {
      total: snapshot.rows.length,
      ...(more && last !== undefined && { nextCursor: sealCursor(kind.tool, account.id, { ...page, last }) }),
      asOf: new Date(snapshot.asOf).toISOString(),
      ...besidesOf(snapshot),
      dids: rows,
    }
  },
})
