import { randomUUID } from 'node:crypto'
import type { JournalAccount } from '../../../src/domain/account.ts'
import type { Used } from '../../../src/domain/budget.ts'
import type { Facts } from '../../../src/domain/facts.ts'
import type { Journal, NewYes } from '../../../src/journal/journal.ts'
import type { Intent, Outcome, Settled } from '../../../src/journal/operation.ts'

export const noon = Date.UTC(2026, 0, 15, 12)
export const second = 1_000
export const minute = 60 * second
export const hour = 60 * minute

export const live: JournalAccount = {
  id: 'live-account',
  place: 'backoffice.example',
  environment: 'live',
  label: 'acme at backoffice.example',
}

export const available: Facts = { status: 'available', tier: '1' }
export const yours: Facts = { status: 'yours', epg: 8674, tier: '1', has911: false }

const effects = { reserveDID: 'hold', assignDID: 'spend', configDID: 'change', releaseDID: 'destroy' } as const

/** An intent of one of the four writing tools, on these numbers. */
export function intent(tool: keyof typeof effects, tns: readonly string[], more: Partial<Intent> = {}): Intent {
  return {
    id: randomUUID(),
    account: live,
    tool,
    effect: effects[tool],
    caller: 'ann@desk',
    confirmedBy: 'policy',
    neededYes: false,
    at: noon,
    rows: tns.map((tn) => ({ tn, asked: {}, before: available })),
    ...more,
  }
}

export const allow = (_counted: Used) => undefined

/** Records an operation, sends it whole and settles every number alike; its id. */
export async function perform(
  journal: Journal,
  tool: keyof typeof effects,
  tns: readonly string[],
  outcome: Outcome,
  more: Partial<Intent> & { settled?: Partial<Settled> } = {},
): Promise<string> {
  const { settled, ...rest } = more
  const made = intent(tool, tns, rest)
  const recorded = await journal.record(made, allow)
  if (!recorded.recorded) throw new Error(`not recorded: ${JSON.stringify(recorded)}`)
  await journal.sending(made.id, tns, made.at)
  await journal.settle(
    made.id,
    tns.map((tn) => ({ tn, outcome, ...settled })),
    made.at,
  )
  return made.id
}

export function ticket(more: Partial<NewYes> = {}): NewYes {
  return {
    id: randomUUID(),
    kind: 'ticket',
    hash: randomUUID(),
    account: live,
    caller: 'ann@desk',
    tool: 'assignDID',
    effect: 'spend',
    binding: 'binding',
    facts: [{ tn: '4352154006', facts: available }],
    preview: ['4352154006: available, tier 1', 'billing starts'],
    createdAt: noon,
    expiresAt: noon + 5 * minute,
    ...more,
  }
}

export function approval(more: Partial<NewYes> = {}): NewYes {
  return ticket({ kind: 'approval', hash: undefined, expiresAt: noon + 24 * hour, ...more })
}

/** `count` numbers from this one on. */
export function numbers(count: number, first = 4352154000): string[] {
  return Array.from({ length: count }, (_, index) => String(first + index))
}
