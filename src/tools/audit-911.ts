import * as z from 'zod'
import type { Did911 } from '../carrier/beyond.ts'
import { location, tellLocation } from './location.ts'
import { answer, defineRead } from './tool.ts'
import { wordsBeside } from './words.ts'

/** Rows that are listed when nobody says how many. */
const rowsAPage = 20

const row = location.extend({ tn: z.string().optional() })

export const audit911 = defineRead({
  name: 'audit911',
  title: 'Audit E911',
  toolset: 'e911',
  effect: 'read',
  description:
    'The 911 records of all numbers, also of those that another carrier carries, sorted by number, from the number after `after`. For one number ask query911; numbers without an address: auditDIDs with filter has911 false.',
  input: z.strictObject({
    limit: z.int().min(0).max(500).optional().describe('default 20; 0 counts only'),
    after: z
      .string()
      .regex(/^(?:[0-9]{10})?$/, 'ten digits')
      .optional()
      .describe('the last number of the page before'),
  }),
  output: answer({
    total: z.int(),
    matched: z.int(),
    next: z.string().optional(),
    words: z.string().optional(),
    records: z.array(row),
  }),

  async read({ limit = rowsAPage, after = '' }, { carrier, signal, progress }) {
    const all: Did911[] = []
    const { message } = await carrier.audit911(
      (record) => {
        all.push(record)
        if (all.length > mostHeld) throw new Error('more 911 records than can be held')
        if (all.length % 1000 === 0) progress(all.length, undefined, `${all.length} records read`)
      },
      { signal },
    )
    all.sort((a, b) => ((a.tn ?? '') < (b.tn ?? '') ? -1 : 1))
    const left = all.filter(({ tn }) => (tn ?? '') > after || after === '')
    const shown = left.slice(0, limit)
    const last = shown.at(-1)?.tn
    return {
      total: all.length,
      matched: left.length,
      ...(left.length > shown.length && last !== undefined && { next: last }),
      ...wordsBeside(all.length > 0 ? 100 : 101, message),
      records: shown.map((record) => ({ ...(record.tn !== undefined && { tn: record.tn }), ...tellLocation(record) })),
    }
  },
})

/** The most records of an account; law 7 of the house. */
const mostHeld = 500_000
