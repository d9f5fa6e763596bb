import { createHash, randomBytes } from 'node:crypto'
import { ageOf, moment } from '../domain/clock.ts'
import type { Asked } from '../domain/facts.ts'
import type { Journal, ShownFacts, Yes } from '../journal/journal.ts'
import type { Policy } from '../policy/policy.ts'
import { type YesKind, yesWanted } from '../policy/yes.ts'
import type { Answer, Confirmer } from './confirmer.ts'
import type { Caller, Door, WriteRequest } from './door.ts'
import type { Envelope } from './envelope.ts'
import { formLines, proofAsked } from './preview.ts'
import { numbersOf, sameFacts } from './readings.ts'
import { Refusal } from './refusal.ts'
import { keep } from './unsaved.ts'

/** How long a person's no stands on its numbers, milliseconds. */
export const noStandsMs = 10 * 60_000

/** What a yes covers and what it is bound to. */
export interface Asking {
  request: WriteRequest
  policy: Policy
  /** The rows as asked, sorted. */
  asked: readonly Asked[]
  /** The rows that would be sent. */
  rows: readonly { tn: string }[]
  /** Their facts, fresh from the carrier. What was not shown as to be sent is covered by no yes. */
  facts: readonly ShownFacts[]
  /** What is read before a yes, with a line for so many numbers; unsaid, for as many as an approval has. */
  preview(most?: number): readonly string[]
}

/** A yes, with what it is called in the journal and what it spends; or the answer that ends the call. */
export type Confirmed =
  | { confirmedBy: string; yesId?: string; shown?: readonly ShownFacts[] }
  | Pick<Envelope, 'status' | 'summary' | 'confirmation'>

/**
 * Step 2's part of a confirmation: the ticket that came along is looked up before anything is asked of the carrier.
 * @throws Refusal CONFIRMATION_MISMATCH, _EXPIRED or _USED. None of them burns the ticket.
 */
export async function lookUpTicket(
  door: Door,
  journal: Journal,
  request: WriteRequest,
  asked: readonly Asked[],
  caller: Caller,
  mayAsk: boolean,
): Promise<Yes | undefined> {
  if (request.confirmation === undefined) return undefined
  if (mayAsk) {
    throw new Refusal('CONFIRMATION_MISMATCH', 'A ticket is not accepted where a person can be asked in the client', {
      next: 'Make the same call without `confirmation`: the person in front of this client will be asked.',
    })
  }
  if (request.confirmation.startsWith('ap_')) {
    throw new Refusal('CONFIRMATION_MISMATCH', 'An approval is not passed along', {
      next: 'Make the same call without `confirmation`: once a person has approved it, it goes ahead.',
    })
  }
  const yes = await journal.ticket(sha256(request.confirmation))
  const again = 'Make the same call without `confirmation` for a new preview and ticket.'
  if (yes === undefined) {
    throw new Refusal('CONFIRMATION_MISMATCH', 'This server gave no such ticket', { next: again })
  }
  if (yes.state === 'spent') {
    throw new Refusal('CONFIRMATION_USED', `This ticket was used, by operation ${yes.operationId}`, {
      next: `listOperations tells how ${yes.operationId} ended. A ticket works once. ${again}`,
      details: { operationId: yes.operationId },
    })
  }
  if (yes.expiresAt <= door.clock.now()) {
    throw new Refusal('CONFIRMATION_EXPIRED', `This ticket expired at ${iso(yes.expiresAt)}`, { next: again })
  }
  if (yes.binding !== bindingOf(door, request, asked, caller)) {
    throw new Refusal('CONFIRMATION_MISMATCH', 'This ticket was given for another call', {
      next: `Repeat the call exactly as it was previewed (numbers, settings, tool), or drop the ticket: ${again.toLowerCase()}`,
    })
  }
  return yes
}

/** Step 4: a yes for exactly what is shown, or what ends the call without one. */
export function confirm(
  door: Door,
  journal: Journal,
  asking: Asking,
  caller: Caller,
  ticket: Yes | undefined,
): Promise<Confirmed> {
  if (ticket !== undefined) {
    return Promise.resolve({ confirmedBy: 'ticket', yesId: ticket.id, shown: ticket.facts })
  }
  const { policy, request, rows } = asking
  const wanted = yesWantedOf(policy, request.tool, rows.length, caller)
  if (wanted === 'form' && caller.confirmer) {
    const lines = formLines(asking.preview, tryAgain)
    if (lines) return askPerson(door, asking, lines, caller, caller.confirmer)
    // A person at a terminal is shown all of it. A ticket would be a weaker yes than the one that is wanted.
    return waitForApproval(door, journal, asking, caller, 'This is more than a form can show. ')
  }
  return wanted === 'ticket'
    ? giveTicket(door, journal, asking, caller)
    : waitForApproval(door, journal, asking, caller)
}

/** The kind of yes that the policy wants of this caller for so many numbers. */
export function yesWantedOf(
  policy: Policy,
  { effect }: WriteRequest['tool'],
  numbers: number,
  { confirmer }: Caller,
): YesKind {
  return yesWanted(policy, { effect, numbers, canAsk: confirmer !== undefined })
}

/** The kind of a yes, by what it is called in the journal. */
export function yesKindOf(confirmedBy: string): YesKind {
  return confirmedBy === 'ticket' ? 'ticket' : confirmedBy === 'person' ? 'form' : 'approval'
}

async function askPerson(
  door: Door,
  { request, policy, rows }: Asking,
  preview: readonly string[],
  caller: Caller,
  confirmer: Confirmer,
): Promise<Confirmed> {
  const { field, expected } = proofAsked(rows)
  const begun = moment(door.clock)
  const leftMs = () => policy.confirmation.waitSeconds * 1000 - ageOf(door.clock, begun)
  let lines = preview
  // Wrong digits are asked once more: a slip of the finger is no decision.
  for (const again of [true, false]) {
    const said = await confirmer.ask({ lines, field, waitMs: leftMs(), signal: caller.signal })
    // The timer that ends the wait stands still while the machine sleeps.
    const answer: Answer = said.ended === 'answered' && leftMs() < 0 ? { ended: 'timed_out' } : said
    if (answer.ended === 'answered' && answer.typed.trim() === expected) return { confirmedBy: 'person' }
    if (answer.ended === 'declined') {
      const at = door.clock.now()
      const tns = numbersOf(rows)
      const no = { id: newId('no'), account: door.account, tool: request.tool.name, tns, by: caller.name, at }
      await keep(door, { save: (journal) => journal.refuse({ ...no, until: at + noStandsMs }) })
    }
    if (answer.ended !== 'answered' || !again || leftMs() <= 0) {
      return { status: 'declined', summary: endings[answer.ended] }
    }
    lines = [tryAgain, ...preview]
  }
  return { status: 'declined', summary: endings.answered }
}

const tryAgain = 'That was not it. Please type it again, or decline.'

const neverShown =
  'If this client never showed a form, its person can set "confirmation": {"trustElicitation": false} in the policy file.'

const endings: { readonly [ended in Answer['ended']]: string } = {
  declined: `The person declined. Nothing was sent. The answer stands for these numbers for ${noStandsMs / 60_000} minutes; do not ask again.`,
  cancelled: `The question was closed without an answer. Nothing was sent. ${neverShown}`,
  timed_out: `Nobody answered in time. Nothing was sent. ${neverShown}`,
  answered: 'What was typed did not match the numbers, twice. Nothing was sent.',
}

async function giveTicket(door: Door, journal: Journal, asking: Asking, caller: Caller): Promise<Confirmed> {
  const { expiresInSeconds } = asking.policy.confirmation
  const ticket = newId('ticket')
  const expiresAt = door.clock.now() + expiresInSeconds * 1000
  const preview = asking.preview(asking.rows.length)
  await journal.issue({
    ...newYes(door, asking, caller, preview),
    id: newId('yes'),
    kind: 'ticket',
    hash: sha256(ticket),
    expiresAt,
  })
  return {
    status: 'confirmation_required',
    summary:
      'Nothing was sent. Show this preview to the person you act for; if they agree, repeat the same call with `confirmation` set to the ticket.',
    confirmation: { ticket, expiresAt: iso(expiresAt), preview: [...preview] },
  }
}

/** How long an approval waits for a person, milliseconds. */
const approvalLivesMs = 24 * 3_600_000

async function waitForApproval(
  door: Door,
  journal: Journal,
  asking: Asking,
  caller: Caller,
  why = '',
): Promise<Confirmed> {
  const now = door.clock.now()
  const yes = () => {
    const lives = { id: newId('ap'), kind: 'approval' as const, expiresAt: now + approvalLivesMs }
    return { ...newYes(door, asking, caller, asking.preview()), ...lives }
  }
  const standing = await journal.request(yes())
  // An approval of facts that hold for no number any more would be a dead end until it expires: it is asked for anew.
  const live = stillHolds(standing, asking) ? standing : await journal.request(yes(), standing.id)
  if (live.state === 'given') {
    return { confirmedBy: `approval by ${live.by ?? 'a person'}`, yesId: live.id, shown: live.facts }
  }
  const program = await door.atTerminal()
  return {
    status: 'waiting',
    summary: `Nothing was sent. ${why}A person must approve ${live.id} at a terminal: ${program} approvals approve ${live.id}. Then repeat the same call; it goes ahead once.`,
    confirmation: { approvalId: live.id, expiresAt: iso(live.expiresAt), preview: [...live.preview] },
  }
}

function stillHolds(yes: Yes, { facts }: Asking): boolean {
  const fresh = new Map(facts.map((one) => [one.tn, one.facts]))
  return yes.facts.some((shown) => {
    const now = fresh.get(shown.tn)
    return now !== undefined && sameFacts(shown.facts, now)
  })
}

function newYes(door: Door, { request, asked, facts }: Asking, caller: Caller, preview: readonly string[]) {
  return {
    account: door.account,
    caller: caller.name,
    tool: request.tool.name,
    effect: request.tool.effect,
    binding: bindingOf(door, request, asked, caller),
    facts,
    preview,
    reason: request.reason,
    createdAt: door.clock.now(),
  }
}

/** What a yes is bound to: account, caller, tool and the rows as asked, in their one order and format. */
function bindingOf(door: Door, request: WriteRequest, asked: readonly Asked[], caller: Caller): string {
  const rows = asked.map(({ tn, epg, cnam, refId }) => [tn, epg ?? null, cnam ?? null, refId ?? null])
  return sha256(JSON.stringify([door.account.id, caller.name, request.tool.name, rows]))
}

/** 128 random bits behind a word that says what it is. */
export function newId(word: string): string {
  return `${word}_${randomBytes(16).toString('base64url')}`
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const iso = (at: number): string => new Date(at).toISOString()
