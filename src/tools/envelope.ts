import * as z from 'zod'
import { environments } from '../domain/account.ts'

/** What the carrier said of a number, in the fields of the write: each write has its own, so no schema lists them. */
const facts = z.record(z.string(), z.unknown())

export const counts = z.strictObject({
  done: z.int(),
  failed: z.int(),
  uncertain: z.int(),
  notAttempted: z.int(),
})

/** One number of a write. */
export const result = z.strictObject({
  tn: z.string(),
  outcome: z.enum(['done', 'failed', 'uncertain', 'not_attempted']),
  code: z.int().optional(),
  meaning: z.string().optional(),
  words: z.string().optional(),
  before: facts.optional(),
  after: facts.optional(),
  differs: z.array(z.string()).optional(),
  heldUntil: z.string().optional(),
  inferred: z.boolean().optional(),
  watchUntil: z.string().optional(),
})

/** The answer of every write: `Envelope` of operations/envelope.ts. */
export const envelope = z.strictObject({
  status: z.enum(['done', 'partly_done', 'failed', 'uncertain', 'confirmation_required', 'declined', 'waiting']),
  environment: z.enum(environments),
  operationId: z.string().optional(),
  summary: z.string(),
  counts,
  results: z.array(result),
  confirmation: z
    .strictObject({
      ticket: z.string().optional(),
      approvalId: z.string().optional(),
      expiresAt: z.string(),
      preview: z.array(z.string()),
    })
    .optional(),
})
