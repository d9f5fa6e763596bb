import { randomUUID } from 'node:crypto'
import type { JournalAccount } from '../../../src/domain/account.ts'
import type { Used } from '../../../src/domain/budget.ts'
import type { Facts } from '../../../src/domain/facts.ts'
import type { Journal } from '../../../src/journal/journal.ts'
import type { Intent, Outcome, Settled } from '../../../src/journal/operation.ts'
import type { NewQuestion, Question } from '../../../src/journal/question.ts'
import { judgeApproval } from '../../../src/operations/heard.ts'

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
  const recorded = await journal.recordIntent(made, allow)
  if (!recorded.recorded) throw new Error(`not recorded: ${JSON.stringify(recorded)}`)
  await journal.markSending(made.id, tns, made.at)
  await journal.settleNumbers(
    made.id,
    tns.map((tn) => ({ tn, outcome, ...settled })),
    made.at,
  )
  return made.id
}

export function ticket(more: Partial<NewQuestion> = {}): NewQuestion {
  return {
    id: randomUUID(),
    kind: 'ticket',
    account: live,
    caller: 'ann@desk',
    tool: 'assignDID',
    effect: 'spend',
    binding: 'binding',
    shown: shown('4352154006'),
    refused: [],
    preview: ['4352154006: available, tier 1', 'billing starts'],
    createdAt: noon,
    expiresAt: noon + 5 * minute,
    ...more,
  }
}

export function approval(more: Partial<NewQuestion> = {}): NewQuestion {
  return ticket({ kind: 'approval', expiresAt: noon + 24 * hour, ...more })
}

export function form(more: Partial<NewQuestion> = {}): NewQuestion {
  return ticket({ kind: 'form', expiresAt: noon + minute, ...more })
}

/** What was shown of these numbers. */
export const shown = (...tns: string[]) => tns.map((tn) => ({ tn, facts: available, asked: {} }))

/** The question as it stands after it was put. */
export function put(question: NewQuestion): Question {
  const state = question.kind === 'ticket' ? 'given' : 'waiting'
  return { ...question, state, putAt: question.createdAt, wrong: 0 }
}

/** The word of a person with another right on an approval; false: it is too late for that. */
export async function say(
  journal: Pick<Journal, 'answerQuestion'>,
  id: string,
  { until, ...answer }: { given: boolean; by: string; at: number; until?: number },
): Promise<boolean> {
  let inTime = false
  await journal.answerQuestion(id, (question) => {
    const verdict = judgeApproval(question, answer)
    inTime = verdict !== undefined
    return verdict?.no && until !== undefined ? { ...verdict, no: { ...verdict.no, until } } : verdict
  })
  return inTime
}

/** A no that a person in the client says to a form. */
export async function decline(
  journal: Journal,
  no: {
    id: string
    account: JournalAccount
    tool: string
    tns: readonly string[]
    by: string
    at: number
    until: number
  },
): Promise<void> {
  const { id, account, tool, tns, by, at, until } = no
  const asked = form({ account, tool, caller: by, shown: shown(...tns), createdAt: at, expiresAt: at + minute })
  await journal.putQuestion(asked)
  await journal.answerQuestion(asked.id, () => ({ state: 'declined', at, by, no: { id, until } }))
}

/** `count` numbers from this one on. */
export function numbers(count: number, first = 4352154000): string[] {
  return Array.from({ length: count }, (_, index) => String(first + index))
}
