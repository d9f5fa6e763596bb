import type { Journal } from '../journal/journal.ts'
import type { RefusedRow } from '../journal/operation.ts'
import type { NewQuestion, Question, ShownFacts } from '../journal/question.ts'
import type { Policy } from '../policy/policy.ts'
import { withoutYes } from './answers.ts'
import { type Agreed, type AtDoor, type End, type EnteredCall, type Looked, newsOf } from './at-the-door.ts'
import { bindingOf, newId, sha256 } from './binding.ts'
import type { Caller, ReadingDoor } from './door.ts'
import { type FormToPut, putForm, tryAgain, type WithoutYes } from './form.ts'
import { recordable } from './plan.ts'
import { formLines, previewLines } from './preview.ts'
import { numbersOf } from './readings.ts'
import { whyNoTicket, yesWantedOf } from './yes-wanted.ts'

/** What a question is made of. */
interface Asking {
  /** The rows that would be sent, with their facts, fresh from the carrier. What is not among them is covered by no yes. */
  shown: readonly ShownFacts[]
  /** What is settled already and not sent. */
  refused: readonly RefusedRow[]
  /** What is read before a yes, with a line for so many numbers; unsaid, for as many as an approval has. */
  preview(most?: number): readonly string[]
}

/**
 * Step 4, for a call that needs a yes and brings none: writes a question for whoever the policy wants it from, and never
 * waits for them.
 */
export async function agree(call: EnteredCall, looked: Looked): Promise<Agreed | End> {
  const { mustConfirm, given, standing } = looked
  if (!mustConfirm || given !== undefined) return looked
  const wanted = await kindWanted(call, looked.rows)
  const stands = standing !== undefined && stillHolds(call, standing, looked)
  // Who asks again for what waits already sees what waits: no other preview is made.
  if (wanted.kind === 'approval' && stands) return ending(call, looked, await told(call, standing, wanted.why))
  const asking = await askingFor(call, looked)
  const way = wayOf(wanted, asking.preview)
  if (way.kind === 'form') return { end: await askPerson(call, asking, way.lines) }
  const put = way.kind === 'ticket' ? giveTicket(call, asking) : waitForApproval(call, asking, looked, way.why)
  return ending(call, looked, await put)
}

async function ending(call: EnteredCall, looked: Looked, put: WithoutYes): Promise<End> {
  return { end: withoutYes(call, looked, put, await newsOf(call)) }
}

async function askingFor(call: EnteredCall, { rows, refused }: Looked): Promise<Asking> {
  const uncertain = await call.journal.readUncertain(call.door.account, numbersOf(rows))
  return {
    shown: rows.map(({ tn, asked, before: facts }): ShownFacts => ({ tn, facts, asked })),
    refused: recordable(call, refused),
    preview: (most) => previewLines(call.write, call.door.account.environment, { rows, refused }, uncertain, most),
  }
}

/** The way in which a yes is asked for: the lines that a form shows, or why it takes an approval. */
export type WayOfAsking =
  | { kind: 'form'; lines: readonly string[] }
  | { kind: 'ticket' }
  | { kind: 'approval'; why: string }

/** What the way depends on in the journal. */
export type JournalForAsking = Pick<Journal, 'readTicketUse'>

/** A call, as far as it says who may be asked. */
export type AskingCall = Pick<AtDoor, 'request' | 'caller'> & {
  door: Pick<ReadingDoor, 'account' | 'clock'>
  journal: JournalForAsking
  policy: Policy
}

/** Tells how a yes to these numbers is asked for of this caller now. Nothing is asked or recorded by it. */
export async function wayOfAsking(
  call: AskingCall,
  rows: readonly { tn: string }[],
  preview: Asking['preview'],
): Promise<WayOfAsking> {
  return wayOf(await kindWanted(call, rows), preview)
}

/** The kind of yes that is wanted of a caller now, beside what its tickets covered; of an approval also why. */
type KindWanted = { kind: 'form' } | Extract<WayOfAsking, { kind: 'ticket' | 'approval' }>

async function kindWanted(
  { door, journal, policy, request, caller }: AskingCall,
  rows: readonly { tn: string }[],
): Promise<KindWanted> {
  const { tool } = request
  const use = await journal.readTicketUse(
    { account: door.account, caller: caller.name, tool: tool.name },
    door.clock.now(),
  )
  const tickets = { covered: [...use.spent, ...use.given], waiting: use.waiting }
  const tns = numbersOf(rows)
  const wanted = yesWantedOf(policy, tool, tns, caller, tickets)
  if (wanted === 'form' && caller.elicitation !== undefined) return { kind: 'form' }
  if (wanted === 'ticket') return { kind: 'ticket' }
  const byTickets = yesWantedOf(policy, tool, tns, caller) === 'ticket'
  return { kind: 'approval', why: byTickets ? whyNoTicket(tns, tickets) : whyApproval(policy, tns, caller) }
}

function wayOf(wanted: KindWanted, preview: Asking['preview']): WayOfAsking {
  if (wanted.kind !== 'form') return wanted
  const lines = formLines(preview, tryAgain)
  // A person at a terminal is shown all of it. A ticket would be a weaker yes than the one that is wanted.
  return lines ? { kind: 'form', lines } : { kind: 'approval', why: 'This is more than a form can show.' }
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

async function askPerson(call: EnteredCall, asking: Asking, preview: readonly string[]): Promise<FormToPut> {
  const { waitSeconds, expiresInSeconds } = call.policy.confirmation
  const id = newId('form')
  const seconds = call.caller.elicitation === 'in_call' ? waitSeconds : expiresInSeconds
  const lives = { id: sha256(id), kind: 'form' as const, preview, livesMs: seconds * 1000 }
  return putForm(call.door, await call.journal.putQuestion(newQuestion(call, asking, lives)), id)
}

async function giveTicket(call: EnteredCall, asking: Asking): Promise<WithoutYes> {
  const ticket = newId('ticket')
  const preview = asking.preview(asking.shown.length)
  const livesMs = call.policy.confirmation.expiresInSeconds * 1000
  const lives = { id: sha256(ticket), kind: 'ticket' as const, preview, livesMs }
  const { expiresAt } = await call.journal.putQuestion(newQuestion(call, asking, lives))
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

async function waitForApproval(call: EnteredCall, asking: Asking, looked: Looked, why: string): Promise<WithoutYes> {
  const preview = asking.preview()
  const anew = () => {
    const lives = { id: newId('ap'), kind: 'approval' as const, preview, livesMs: approvalLivesMs }
    return newQuestion(call, asking, lives)
  }
  const { journal } = call
  const standing = await journal.putQuestion(anew())
  // An approval of facts that hold for no number any more would be a dead end until it expires: it is asked for anew.
  const live = stillHolds(call, standing, looked) ? standing : await journal.putQuestion(anew(), standing.id)
  return told(call, live, why)
}

/** What the caller hears of an approval that waits. */
async function told({ door }: EnteredCall, live: Question, why: string): Promise<WithoutYes> {
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

function stillHolds({ write }: EnteredCall, standing: Question, { rows }: Looked): boolean {
  const fresh = new Map(rows.map((one) => [one.tn, one.before]))
  return standing.shown.some(({ tn, facts }) => {
    const now = fresh.get(tn)
    return now !== undefined && write.look.same(facts, now)
  })
}

function newQuestion(
  call: EnteredCall,
  { shown, refused }: Asking,
  { livesMs, ...lives }: Pick<NewQuestion, 'id' | 'kind' | 'preview'> & { livesMs: number },
): NewQuestion {
  const { door, request, caller } = call
  const createdAt = door.clock.now()
  return {
    ...lives,
    account: door.account,
    caller: caller.name,
    tool: request.tool.name,
    effect: request.tool.effect,
    binding: bindingOf(call),
    shown,
    refused,
    reason: request.reason,
    createdAt,
    expiresAt: createdAt + livesMs,
  }
}

const iso = (at: number): string => new Date(at).toISOString()
