import * as z from 'zod'
import { environments } from '../domain/account.ts'
import { didWriteTools, writeTools } from '../domain/write-tool.ts'
import { type Operation, operationStatuses } from '../journal/operation.ts'
import { beginAt, type CursorKind, sealCursor } from '../listings/cursor.ts'
import { confirmedInWords, counts, result, showRows } from '../operations/envelope.ts'
import { cursor, limit } from './criteria.ts'
import { telephoneNumber } from './numbers.ts'
import { answer, defineRead } from './tool.ts'

/** The tool, any that writes; published are those that are always offered. */
const tool = z.enum(writeTools).meta({ enum: didWriteTools })
const status = z.enum(operationStatuses)
const isoTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/
const since = z
  .string()
  .refine((text) => isoTime.test(text) && !Number.isNaN(Date.parse(text)), 'an ISO 8601 date, or time with zone')

const query = z.strictObject({
  tn: telephoneNumber.optional().describe('US number, as 4352154006'),
  tool: tool.optional(),
  since: since.optional().describe('ISO 8601'),
  until: since.optional(),
  status: status.optional(),
  caller: z.string().max(200).optional(),
  reason: z.string().max(200).optional().describe('exact'),
})

const kind = {
  tool: 'listOperations',
  query,
  last: z.strictObject({ startedAt: z.int(), id: z.string().min(1).max(100) }),
} satisfies CursorKind<z.ZodType, z.ZodType>

const operationsAPage = 20

/** Rows of an operation that are listed; the operation itself has the rest. */
const rowsListed = 20

export const listOperations = defineRead({
  name: 'listOperations',
  title: 'List operations',
  effect: 'read',
  description:
    'What was done to numbers of this account through did-mcp, newest first: by whom, on whose yes, with what outcome. ' +
    'Ask it after a call that was cut off or uncertain, before trying again. Changes made elsewhere are not in it.',
  input: query.extend({ limit: limit(operationsAPage, { most: 100 }), cursor }),
  output: answer({
    nextCursor: z.string().optional(),
    operations: z.array(
      z.strictObject({
        id: z.string(),
        tool: z.string(),
        effect: z.string(),
        environment: z.enum(environments),
        account: z.string(),
        status,
        startedAt: z.string(),
        endedAt: z.string().optional(),
        caller: z.string(),
        client: z.string().optional(),
        reason: z.string().optional(),
        confirmedBy: z.string().optional(),
        counts,
        results: z.array(result),
      }),
    ),
  }),

  async read({ limit, cursor, ...query }, { account, journal, settleDue, signal }) {
    const page = beginAt(kind, account.id, { query, limit, cursor }, operationsAPage)
    await settleDue(signal)
    const { since, until, ...where } = page.query
    const found = await (await journal()).readOperations({
      ...where,
      account,
      since: since === undefined ? undefined : Date.parse(since),
      until: until === undefined ? undefined : Date.parse(until),
      limit: page.limit,
      after: page.last,
    })
    const last = found.operations.at(-1)
    return {
      ...(found.more && last && { nextCursor: sealCursor(kind.tool, account.id, { ...page, last: placeOf(last) }) }),
      operations: found.operations.map((operation) => describeOperation(operation, rowsListed)),
    }
  },
})

const placeOf = ({ startedAt, id }: Operation) => ({ startedAt, id })

/** An operation in a reader's form, with at most `rows` of its numbers: uncertain and failed ones first. */
export function describeOperation(operation: Operation, rows: number) {
  const { id, tool, effect, account, status, caller, client, reason, confirmedBy } = operation
  return {
    id,
    tool,
    effect,
    environment: account.environment,
    account: account.label,
    status,
    startedAt: new Date(operation.startedAt).toISOString(),
    endedAt: operation.endedAt === undefined ? undefined : new Date(operation.endedAt).toISOString(),
    caller,
    client,
    reason,
    confirmedBy: confirmedInWords(confirmedBy),
    ...showRows(tool, operation.rows, rows),
  }
}
