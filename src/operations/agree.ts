import type { Asked } from '../domain/facts.ts'
import type { YesKind } from '../domain/yes-kind.ts'
import type { Journal } from '../journal/journal.ts'
import type { RefusedRow } from '../journal/operation.ts'
import type { NewQuestion, Question, ShownFacts, TicketUse } from '../journal/question.ts'
import type { Policy } from '../policy/policy.ts'
import { yesWanted } from '../policy/yes.ts'
import { bindingOf, newId, sha256 } from './binding.ts'
import type { Caller, Door, ReadingDoor, WriteRequest } from './door.ts'
import { type FormToPut, putForm, tryAgain, type WithoutYes } from './form.ts'
import { formLines } from './preview.ts'
import { numbersOf } from './readings.ts'
import { writes } from './writes.ts'

/** What a yes covers and what it is bound to. */
export interface Asking {
  request: WriteRequest
  policy: Policy
  /** The rows as asked, sorted. */
  asked: readonly Asked[]
  /** The rows that would be sent, with their facts, fresh from the carrier. What is not among them is covered by no yes. */
  shown: readonly ShownFacts[]
  /** What is settled already and not sent. */
  refused: readonly RefusedRow[]
  /** What is read before a yes, with a line for so many numbers; unsaid, for as many as an approval has. */
  preview(most?: number): readonly string[]
}

/**
 * Step 4 for a call that brings no yes: writes a question for whoever the policy wants it from, and never waits for them.
 */
export async function agree(
  door: Door,
  journal: Journal,
  asking: Asking,
  caller: Caller,
): Promise<FormToPut | WithoutYes> {
  const way = await wayOfAsking(door, journal, asking, caller)
  if (way.kind === 'form') return askPerson(door, journal, asking, way.lines, caller)
  if (way.kind === 'ticket') return giveTicket(door, journal, asking, caller)
  return waitForApproval(door, journal, asking, caller, way.why)
}

/** The way in which a yes is asked for: the lines that a form shows, or why it takes an approval. */
export type WayOfAsking =
  | { kind: 'form'; lines: readonly string[] }
  | { kind: 'ticket' }
  | { kind: 'approval'; why: string }

/** What the way depends on in the journal. */
export type JournalForAsking = Pick<Journal, 'ticketUse'>

/** Tells how a yes to these numbers is asked for of this caller now. Nothing is asked or recorded by it. */
export async function wayOfAsking(
  door: Pick<ReadingDoor, 'account' | 'clock'>,
  journal: JournalForAsking,
  {
    policy,
    request,
    shown,
    preview,
  }: Pick<Asking, 'policy' | 'request' | 'preview'> & { shown: readonly { tn: string }[] },
  caller: Caller,
): Promise<WayOfAsking> {
  const { tool } = request
  const use = await journal.ticketUse({ account: door.account, caller: caller.name, tool: tool.name }, door.clock.now())
  const tickets = { covered: [...use.spent, ...use.given], waiting: use.waiting }
  const tns = numbersOf(shown)
  const wanted = yesWantedOf(policy, tool, tns, caller, tickets)
  if (wanted === 'form' && caller.elicitation !== undefined) {
    const lines = formLines(preview, tryAgain)
    // A person at a terminal is shown all of it. A ticket would be a weaker yes than the one that is wanted.
    return lines ? { kind: 'form', lines } : { kind: 'approval', why: 'This is more than a form can show.' }
  }
  if (wanted === 'ticket') return { kind: 'ticket' }
  const byTickets = yesWantedOf(policy, tool, tns, caller) === 'ticket'
  return { kind: 'approval', why: byTickets ? whyNoTicket(tns, tickets) : whyApproval(policy, tns, caller) }
}

/** Why the policy wants an approval, whatever tickets were given before. */
function whyApproval({ confirmation }: Policy, tns: readonly string[], { elicitation }: Caller): string {
  const { mode, trustElicitation, ticketMaxDids } = confirmation
  if (elicitation !== undefined && trustElicitation === 'disputed') {
    return 'The policies in force differ in whether a form in the client is a yes (trustElicitation), so that neither a form nor a ticket is.'
  }
  if (mode === 'human') return 'Confirmation mode "human" is in force.'
  return `A ticket covers ${ticketMaxDids} numbers at most where it costs money or cannot be undone (ticketMaxDids), and this call has ${tns.length}.`
}

/** What a caller's tickets are held against: the numbers that they covered, and those that wait in approvals. */
export interface Tickets {
  covered: readonly string[]
  waiting: TicketUse['waiting']
}

/** The kind of yes that the policy wants of this caller for these numbers, beside what its tickets covered already. */
export function yesWantedOf(
  policy: Policy,
  { effect }: WriteRequest['tool'],
  tns: readonly string[],
  { elicitation }: Caller,
  { covered, waiting }: Tickets = { covered: [], waiting: [] },
): YesKind {
  const numbers = new Set([...tns, ...covered]).size
  const waits = tns.some((tn) => waiting.includes(tn))
  return yesWanted(policy, { effect, numbers, waits, canAsk: elicitation !== undefined })
}

/** Why tickets alone stand in the way of one more. */
export function whyNoTicket(tns: readonly string[], { waiting, covered }: Tickets): string {
  const waits = tns.filter((tn) => waiting.includes(tn))
  return waits.length > 0
    ? `${waits.slice(0, 10).join(', ')} waits in an approval, and takes no ticket until that is answered.`
    : `This caller's tickets for this tool cover ${new Set(covered).size} numbers within the last hour already.`
}

async function askPerson(
  door: Door,
  journal: Journal,
  asking: Asking,
  preview: readonly string[],
  caller: Caller,
): Promise<FormToPut> {
  const { waitSeconds, expiresInSeconds } = asking.policy.confirmation
  const id = newId('form')
  const seconds = caller.elicitation === 'in_call' ? waitSeconds : expiresInSeconds
  const lives = { id: sha256(id), kind: 'form' as const, preview, livesMs: seconds * 1000 }
  return putForm(door, await journal.putQuestion(newQuestion(door, asking, caller, lives)), id)
}

async function giveTicket(door: Door, journal: Journal, asking: Asking, caller: Caller): Promise<WithoutYes> {
  const ticket = newId('ticket')
  const preview = asking.preview(asking.shown.length)
  const livesMs = asking.policy.confirmation.expiresInSeconds * 1000
  const lives = { id: sha256(ticket), kind: 'ticket' as const, preview, livesMs }
  const { expiresAt } = await journal.putQuestion(newQuestion(door, asking, caller, lives))
  return {
    status: 'confirmation_required',
    summary:
      'Nothing was sent. Show this preview to the person you act for; if they agree, repeat the same call with `confirmation` set to the ticket. ' +
      'If they have said yes to exactly these numbers and terms already, repeat it without asking again.',
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
  why: string,
): Promise<WithoutYes> {
  const preview = asking.preview()
  const anew = () => {
    const lives = { id: newId('ap'), kind: 'approval' as const, preview, livesMs: approvalLivesMs }
    return newQuestion(door, asking, caller, lives)
  }
  const standing = await journal.putQuestion(anew())
  // An approval of facts that hold for no number any more would be a dead end until it expires: it is asked for anew.
  const live = stillHolds(standing, asking) ? standing : await journal.putQuestion(anew(), standing.id)
  const program = await door.atTerminal()
  return {
    status: 'waiting',
    summary:
      `Nothing was sent. ${why} A person must approve ${live.id}, which waits since ${iso(live.createdAt)}, at a terminal: ` +
      `${program} approvals approve ${live.id}. Then repeat the same call, unchanged and without \`confirmation\`: it goes ahead ` +
      'once. Only `reason` may differ. Parting it into smaller calls is no way around.',
    confirmation: { approvalId: live.id, expiresAt: iso(live.expiresAt), preview: [...live.preview] },
  }
}

function stillHolds(standing: Question, { request, shown }: Asking): boolean {
  const { look } = writes[request.tool.name]
  const fresh = new Map(shown.map((one) => [one.tn, one.facts]))
  return standing.shown.some(({ tn, facts }) => {
    const now = fresh.get(tn)
    return now !== undefined && look.same(facts, now)
  })
}

function newQuestion(
  door: Door,
  { request, asked, shown, refused }: Asking,
  caller: Caller,
  { livesMs, ...lives }: Pick<NewQuestion, 'id' | 'kind' | 'preview'> & { livesMs: number },
): NewQuestion {
  const createdAt = door.clock.now()
  return {
    ...lives,
    account: door.account,
    caller: caller.name,
    tool: request.tool.name,
    effect: request.tool.effect,
    binding: bindingOf(door, request, asked, caller),
    shown,
    refused,
    reason: request.reason,
    createdAt,
    expiresAt: createdAt + livesMs,
  }
}

const iso = (at: number): string => new Date(at).toISOString()
