import * as z from 'zod'
import { beginAt, type CursorKind, sealCursor } from '../listings/cursor.ts'
import { pageByNumber } from '../listings/pages.ts'
import { filterNumbers } from '../listings/query.ts'
import { besides, besidesOf } from './besides.ts'
import { criteriaOf, criteriaOfCursor, limit, partOfNumber, searchInput } from './criteria.ts'
import { answer, defineRead } from './tool.ts'

const locator = z.strictObject({
  tn: z.string(),
  state: z.string().optional(),
  rateCenter: z.string().optional(),
  tier: z.string().optional(),
  lataId: z.int().optional(),
  outboundCNAM: z.boolean().optional(),
  t38: z.boolean().optional(),
  sms: z.boolean().optional(),
  network: z.string().optional(),
})

const rowsAPage = 25

/** What numbers themselves are looked for, among those that the criteria find. */
const numberFilter = {
  digits: partOfNumber,
  consecutive: z.int().min(2).max(100).optional().describe('only runs of at least so many neighbours'),
}

const kind = {
  tool: 'getDIDs',
  query: criteriaOfCursor.extend(numberFilter),
  last: z.string().regex(/^[0-9]{10}$/),
} satisfies CursorKind<z.ZodType, z.ZodType>

export const getDIDs = defineRead({
  name: 'getDIDs',
  title: 'Search available DIDs',
  effect: 'read',
  description:
    'Numbers that could be had now, to choose from before reserveDID. Give as many criteria as you can: a broad search takes minutes. ' +
    'A number found may be gone a moment later; only reserveDID holds it.',
  input: searchInput({ ...numberFilter, limit: limit(rowsAPage) }),
  output: answer({
    total: z.int(),
    matched: z.int().optional(),
    nextCursor: z.string().optional(),
    asOf: z.string(),
    ...besides,
    dids: z.array(locator),
  }),

  async read(args, { listings, account, signal, progress }) {
    const { digits, consecutive, limit, cursor } = args
    const query = {
      ...criteriaOf(args),
      ...(digits !== undefined && { digits }),
      ...(consecutive !== undefined && { consecutive }),
    }
    const page = beginAt(kind, account.id, { query, limit, cursor }, rowsAPage)
    const snapshot = await listings.search(criteriaOf(page.query), {
      signal,
      progress: (rows) => progress(rows, undefined, `${rows} numbers found`),
    })
    const matching = filterNumbers(snapshot.rows, page.query)
    const { rows, more } = pageByNumber(matching, page.last, page.limit)
    const last = rows.at(-1)?.tn
    return {
      total: snapshot.rows.length,
      // The very same list where nothing was looked for in it.
      ...(matching !== snapshot.rows && { matched: matching.length }),
      ...(more && last !== undefined && { nextCursor: sealCursor(kind.tool, account.id, { ...page, last }) }),
      asOf: new Date(snapshot.asOf).toISOString(),
      ...besidesOf(snapshot),
      dids: rows,
    }
  },
})
