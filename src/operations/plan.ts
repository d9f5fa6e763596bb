import type { WriteEffect } from '../domain/effect.ts'
import type { Asked, Facts } from '../domain/facts.ts'
import { harmless } from '../domain/untrusted.ts'
import type { IntentRow, RefusedRow } from '../journal/operation.ts'
import type { Question } from '../journal/question.ts'
import { type Policy, tierAllowed } from '../policy/policy.ts'
import type { WriteRequest } from './door.ts'
import type { RowOutcome } from './envelope.ts'
import { Refusal } from './refusal.ts'
import type { Reading, Write } from './write.ts'

/** What would be sent, with what each number is, and what is settled already and not sent. */
export type WhatToSend = Pick<Plan, 'rows' | 'refused'>

/** What becomes of each number of a request, seen fresh, before anybody is asked. Pure. */
export interface Plan {
  /** The rows to be sent: as asked, with what the write fills in from the present. */
  rows: IntentRow[]
  /** Settled here and not sent, each with the reason. */
  refused: RowOutcome[]
  readings: ReadonlyMap<string, Reading>
}

/**
 * Step 1: the rows as asked, sorted by number.
 * @throws Refusal INVALID_INPUT where a number stands twice.
 */
export function resolve(rows: readonly Asked[]): Asked[] {
  const sorted = [...rows].sort((a, b) => (a.tn < b.tn ? -1 : 1))
  const twice = sorted.filter(({ tn }, index) => sorted[index - 1]?.tn === tn).map(({ tn }) => tn)
  if (twice.length > 0) {
    throw new Refusal('INVALID_INPUT', `${[...new Set(twice)].slice(0, 10).join(', ')} is asked for more than once`, {
      next: 'Name each number once.',
      details: { tns: [...new Set(twice)].slice(0, 100) },
    })
  }
  return sorted
}

/** Step 3: who can be sent and who cannot. */
export function plan(
  policy: Policy,
  write: Write,
  { effect }: WriteRequest['tool'],
  called: readonly Asked[],
  readings: readonly Reading[],
): Plan {
  const byNumber = new Map(readings.map((reading) => [reading.tn, reading]))
  const rows: IntentRow[] = []
  const refused: RowOutcome[] = []
  for (const row of called) {
    const reading = byNumber.get(row.tn)
    if (reading === undefined) {
      refused.push({ tn: row.tn, outcome: 'failed', meaning: 'it could not be read' })
      continue
    }
    const before = reading.facts
    const { tn, ...told } = row
    const asked = write.complete?.(told, before) ?? told
    const reason = reading.refused ?? write.obstacle(asked, reading) ?? priceObstacle(policy, write, effect, before)
    if (reason === undefined) rows.push({ tn, asked, before })
    else {
      const code = reading.refused === undefined ? {} : { code: reading.code }
      refused.push({ tn: row.tn, outcome: 'failed', ...code, meaning: reason, before })
    }
  }
  return { rows, refused, readings: byNumber }
}

function priceObstacle(policy: Policy, { price }: Write, effect: WriteEffect, before: Facts): string | undefined {
  if (price === undefined) return undefined
  const tier = price.tier(before)
  if (tierAllowed(policy, effect, tier)) return undefined
  const allowed = policy.tiers?.join(', ')
  return tier === undefined
    ? `its tier, which is its price, is not known yet, and the policy allows tiers ${allowed} alone: ${price.ifUnknown}`
    : `its tier is ${harmless(tier, 10)}, and the policy allows tiers ${allowed} alone`
}

/** What stood in a question: the numbers that its yes lets go, as they were shown, and those that were settled before it. */
export function planOf(question: Question | undefined, asked: readonly Asked[]): WhatToSend {
  if (question === undefined) {
    return { rows: [], refused: asked.map(({ tn }) => ({ tn, outcome: 'not_attempted' as const })) }
  }
  const { shown, refused } = question
  return { rows: shown.map(({ tn, facts, asked }) => ({ tn, asked, before: facts })), refused: [...refused] }
}

/** What the answer says of the numbers that are not sent, for the journal to say the same. */
export function recordable({ asked }: { asked: readonly Asked[] }, refused: readonly RowOutcome[]): RefusedRow[] {
  const byNumber = new Map(asked.map((row) => [row.tn, row]))
  return refused.map(({ tn, outcome = 'failed', code, meaning, before = { status: 'unknown' }, after }) => {
    const { tn: _, ...settings } = { ...byNumber.get(tn) }
    return { tn, asked: settings, before, outcome, code, meaning, after }
  })
}
