import * as z from 'zod'

/**
 * A cursor says where a page ended, and of what: it holds the whole query and the last row shown, so that it works after a
 * write, after the snapshot is gone and in another process. It is bound to the tool and the account that made it by a
 * checksum. It gives no right that the same arguments would not give: it is read as strictly as they are.
 */
export interface CursorKind<Query extends z.ZodType, Last extends z.ZodType> {
  tool: string
  query: Query
  last: Last
}

export interface Cursor<Query, Last> {
  query: Query
  limit: number
  last: Last
}

/** A cursor that this tool did not make for this account, or that goes with other arguments. Nothing was sent. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor'
}

/** A cursor as text (base64url), good for this tool and account alone. `query` and `last` must be JSON. */
export function sealCursor<Query, Last>(tool: string, accountId: string, cursor: Cursor<Query, Last>): string {
  const said = [cursor.query, cursor.limit, cursor.last]
  return Buffer.from(JSON.stringify([...said, checksum(tool, accountId, said)])).toString('base64url')
}

/**
 * What a cursor of this tool and account says, checked by the kind's schemas.
 *
 * @throws InvalidCursor where it is none, was changed, or was made by another tool or for another account
 */
export function openCursor<Query extends z.ZodType, Last extends z.ZodType>(
  kind: CursorKind<Query, Last>,
  accountId: string,
  text: string,
): Cursor<z.output<Query>, z.output<Last>> {
  const foreign = `This cursor was not made by ${kind.tool} for this account, or was changed since.`
  const form = z.tuple([z.unknown(), z.int().min(1).max(500), z.unknown(), z.string()])
  const read = form.safeParse(parseBase64Json(text))
  if (!read.success) throw new InvalidCursor(foreign)
  const [query, limit, last, sum] = read.data
  if (sum !== checksum(kind.tool, accountId, [query, limit, last])) throw new InvalidCursor(foreign)
  const checked = z.tuple([kind.query, kind.last]).safeParse([query, last])
  if (!checked.success) throw new InvalidCursor(foreign)
  return { query: checked.data[0] as z.output<Query>, limit, last: checked.data[1] as z.output<Last> }
}

/**
 * Tells where a call begins: at its arguments, or where its cursor ended. Arguments beside a cursor must be the cursor's own;
 * `limit` alone may differ from page to page.
 *
 * @param defaultLimit rows a page, where neither the arguments nor a cursor say how many
 * @returns `last` undefined at the beginning
 * @throws InvalidCursor as {@link openCursor}, and where other arguments stand beside the cursor
 */
export function beginAt<Query extends z.ZodType, Last extends z.ZodType>(
  kind: CursorKind<Query, Last>,
  accountId: string,
  asked: { query: z.output<Query>; limit?: number | undefined; cursor?: string | undefined },
  defaultLimit: number,
): { query: z.output<Query>; limit: number; last: z.output<Last> | undefined } {
  if (asked.cursor === undefined) return { query: asked.query, limit: asked.limit ?? defaultLimit, last: undefined }
  const opened = openCursor(kind, accountId, asked.cursor)
  const given = canonical(asked.query)
  if (given !== '{}' && given !== canonical(opened.query)) {
    throw new InvalidCursor('This cursor belongs to other arguments than those given beside it.')
  }
  return { query: opened.query, limit: asked.limit ?? opened.limit, last: opened.last }
}

/** Far above any cursor of ours. */
export const longestCursor = 2_000

function checksum(tool: string, accountId: string, said: unknown): string {
  // Loaded with the first cursor: at the start it would cost 4 ms.
  const { createHash } = process.getBuiltinModule('node:crypto')
  return createHash('sha256')
    .update(JSON.stringify([tool, accountId, said]))
    .digest('base64url')
    .slice(0, 12)
}

function parseBase64Json(text: string): unknown {
  if (text.length > longestCursor || !/^[\w-]+$/.test(text)) return undefined
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString())
  } catch {
    return undefined
  }
}

/** One text for a value: absent and undefined are the same, and so are two orders of keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
