// What the commands answer to --json, as schemas: schemas/cli.json is written from them (npm run write:cli-schema).
import * as z from 'zod'
import { environments } from '../src/domain/account.ts'
import { did } from '../src/tools/did.ts'
import { listOperations } from '../src/tools/list-operations.ts'

const version = z.literal(1).describe('a change of shape is a new version')

const operation = listOperations.output.shape.operations.element

const facts = z.record(z.string(), z.unknown())

const request = z.strictObject({
  id: z.string(),
  tool: z.string(),
  effect: z.string(),
  environment: z.enum(environments),
  account: z.string(),
  caller: z.string(),
  reason: z.string().optional(),
  approvedBy: z.string().optional(),
  createdAt: z.string(),
  expiresAt: z.string(),
  numbers: z.array(z.strictObject({ tn: z.string(), before: facts, asked: facts.optional() })),
  preview: z.array(z.string()),
})

const no = z.strictObject({
  id: z.string(),
  tool: z.string(),
  by: z.string(),
  until: z.string(),
  numbers: z.array(z.string()),
})

const verdict = z.enum(['ok', 'warning', 'failed', 'skipped'])

const finding = z.strictObject({ verdict, what: z.string(), next: z.string().optional(), run: z.string().optional() })

const check = z.strictObject({ name: z.string(), verdict, ms: z.number(), findings: z.array(finding) })

/** Each by the command that prints it. */
const shapes = {
  operations: z.strictObject({ version, operations: z.array(operation), more: z.boolean() }),
  'operations ID': z.strictObject({ version, operation }),
  approvals: z.strictObject({ version, waiting: z.array(request), approved: z.array(request), noes: z.array(no) }),
  audit: z.strictObject({
    version,
    environment: z.enum(environments),
    account: z.string(),
    total: z.int().describe('numbers, each once'),
    doubled: z.int().describe('rows that are left out, because an earlier one names the same number'),
    unreadable: z.strictObject({ count: z.int(), rows: z.array(z.string()) }).optional(),
    words: z.string().optional().describe("the carrier's own, of the whole"),
    dids: z.array(did),
  }),
  doctor: z.strictObject({
    version,
    program: z.string().describe('the version of did-mcp'),
    subject: z.string(),
    verdict: z.enum(['ok', 'warning', 'failed']),
    counts: z.record(verdict, z.int()),
    checks: z.array(check),
  }),
  config: z.strictObject({
    version,
    client: z.string(),
    file: z.string().optional().describe("the person's own; absent for generic"),
    key: z.string().optional().describe('what entries stand under in it'),
    name: z.literal('did').describe('the name of the entry'),
    entry: z.record(z.string(), z.unknown()),
  }),
  call: z.strictObject({
    version,
    tool: z.string(),
    isError: z.boolean(),
    answer: z.record(z.string(), z.unknown()).optional().describe("the tool's structured answer"),
    error: z
      .strictObject({
        code: z.string().optional(),
        retryable: z.boolean().optional(),
        details: z.unknown().optional(),
        message: z.string(),
      })
      .optional(),
  }),
}

export function cliSchema(): object {
  const $defs = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const { $schema: _, ...schema } = z.toJSONSchema(shape, { reused: 'inline' })
      return [name, schema]
    }),
  )
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'What the commands of did-mcp answer to --json, and did-mcp call always; each under the name of its command',
    $defs,
  }
}
