import type { PersonsJournal } from '../app/open-journal.ts'
import type { JournalReader } from '../app/who.ts'
import { quoteExactly, quoteUnverified } from '../carrier/quoted.ts'
import type { Facts } from '../domain/facts.ts'
import { harmless } from '../domain/untrusted.ts'
import type { No } from '../journal/journal.ts'
import type { Question } from '../journal/question.ts'
import { judgeApproval, noStandsMs } from '../operations/heard.ts'
import { proofAsked } from '../operations/preview.ts'
import { besideOf } from '../operations/writes/did-words.ts'
import { versioned } from '../terminal/json.ts'
import { printTable } from '../terminal/table.ts'
import { type AskPerson, onlyAtTerminal, type Terminal } from '../terminal/terminal.ts'
import { formatUtc } from '../terminal/utc.ts'
import { printText } from '../terminal/wrap.ts'
import { describeAsked, yesNo } from './shown/describe-facts.ts'

/** `did-mcp approvals`: the requests that wait for a person, yeses that nobody used yet, and the noes in force, of every account. */
export async function listApprovals(
  journal: PersonsJournal,
  { json }: { json: boolean },
  reader: JournalReader,
  terminal: Terminal,
): Promise<number> {
  const approvals = await journal.readApprovals(reader.now())
  const waiting = approvals.filter(({ state }) => state === 'waiting')
  const approved = approvals.filter(({ state }) => state === 'given')
  const noes = [...byId(await journal.readNoesInForce(reader.now())).values()]
  if (json) {
    const described = { waiting: waiting.map(describeRequest), approved: approved.map(describeRequest) }
    terminal.print(versioned({ ...described, noes: noes.map(describeNo) }))
    return 0
  }
  printWaiting(waiting, reader, terminal)
  printApproved(approved, reader, terminal)
  printNoes(noes, reader, terminal)
  return 0
}

function printWaiting(waiting: readonly Question[], { journal, call }: JournalReader, terminal: Terminal): void {
  const [first] = waiting
  if (first === undefined) {
    terminal.print(`No request waits for a person. The journal: ${journal}`)
    return
  }
  const rows = waiting.map(({ id, tool, shown, caller, createdAt, expiresAt, account }) => {
    return [id, tool, named(shown), caller, formatUtc(createdAt), formatUtc(expiresAt), account.label]
  })
  printTable(terminal, ['REQUEST', 'TOOL', 'NUMBERS', 'BY', 'SINCE (UTC)', 'UNTIL (UTC)', 'ACCOUNT'], rows)
  terminal.print('\nLook at one and decide, or deny it as it is:')
  terminal.print(`  ${call} approvals approve ${first.id}\n  ${call} approvals deny ${first.id}`)
}

function printApproved(approved: readonly Question[], { call }: JournalReader, terminal: Terminal): void {
  const [first] = approved
  if (first === undefined) return
  terminal.print()
  const rows = approved.map(({ id, tool, shown, caller, by, expiresAt, account }) => {
    return [id, tool, named(shown), caller, by ?? '', formatUtc(expiresAt), account.label]
  })
  printTable(terminal, ['APPROVED', 'TOOL', 'NUMBERS', 'BY', 'YES', 'UNTIL (UTC)', 'ACCOUNT'], rows)
  terminal.print(`\nTake one back, as long as it is not used:\n  ${call} approvals deny ${first.id}`)
}

/** A no of several numbers, one row a number. */
type Noes = readonly [No, ...No[]]

function printNoes(noes: readonly Noes[], { call }: JournalReader, terminal: Terminal): void {
  const [first] = noes
  if (first === undefined) return
  terminal.print()
  const rows = noes.map((no) => [no[0].id, no[0].tool, named(no), no[0].by, formatUtc(no[0].until)])
  printTable(terminal, ['NO', 'TOOL', 'NUMBERS', 'BY', 'UNTIL (UTC)'], rows)
  terminal.print(`\nTake one back:\n  ${call} approvals lift ${first[0].id}`)
}

function describeRequest({
  id,
  tool,
  effect,
  account,
  caller,
  reason,
  by,
  createdAt,
  expiresAt,
  shown,
  preview,
}: Question) {
  return {
    id,
    tool,
    effect,
    environment: account.environment,
    account: account.label,
    caller,
    reason,
    approvedBy: by,
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    numbers: shown.map(({ tn, facts: before, asked }) => ({ tn, before, asked })),
    preview,
  }
}

function describeNo(no: Noes) {
  const [{ id, tool, by, until }] = no
  return { id, tool, by, until: new Date(until).toISOString(), numbers: no.map(({ tn }) => tn) }
}

/** `did-mcp approvals approve`: every fact that was previewed, then what a form in the client would ask. */
export async function approve(
  journal: PersonsJournal,
  id: string,
  reader: JournalReader,
  terminal: Terminal,
): Promise<number> {
  const { ask } = terminal
  if (ask === undefined) return onlyAtTerminal(terminal)
  const yes = await requestIn(['waiting'], journal, id, reader, terminal)
  if (yes === undefined) return 1
  if (!(await showRequest(yes, terminal, ask))) {
    terminal.print(stillWaits)
    return 1
  }
  const { field, expected } = proofAsked(yes.shown)
  const typed = await ask(`${field} (anything else leaves it waiting): `)
  if (typed?.trim() !== expected) {
    terminal.print(typed === undefined ? stillWaits : `That was not it. ${stillWaits}`)
    return 1
  }
  const given = await say(journal, id, true, reader)
  const ifAlive = yes.account.instance === undefined ? '' : ', if the server that embeds this carrier still runs'
  return answered(given, `Approved. The same call, repeated, goes ahead once${ifAlive}.`, terminal)
}

/** `did-mcp approvals deny`: a no that stands for these numbers, also after a yes that nobody used yet. */
export async function deny(
  journal: PersonsJournal,
  id: string,
  reader: JournalReader,
  terminal: Terminal,
): Promise<number> {
  const yes = await requestIn(['waiting', 'given'], journal, id, reader, terminal)
  if (yes === undefined) return 1
  const done = `Denied. The no stands for ${count(yes)} for ${noStandsMs / 60_000} minutes.`
  return answered(await say(journal, id, false, reader), done, terminal)
}

/** `did-mcp approvals lift`: takes a no back, so that the numbers may be asked about again. */
export async function lift(journal: PersonsJournal, id: string, terminal: Terminal): Promise<number> {
  if (terminal.ask === undefined) return onlyAtTerminal(terminal)
  if (await journal.liftNo(id)) {
    terminal.print(`Lifted: the numbers of ${id} may be asked about again.`)
    return 0
  }
  terminal.print(`There is no such no in force: ${id}.`)
  return 1
}

const stillWaits = 'Nothing was recorded: the request still waits.'

/** Numbers on one page of a request that is looked at. */
const pageRows = 20

/** False: the person left. */
async function showRequest(request: Question, terminal: Terminal, ask: AskPerson): Promise<boolean> {
  terminal.print(terminal.strong(`${request.tool} of ${count(request)}`))
  printText(
    `Asked for by ${request.caller}, ${request.account.label}, since ${formatUtc(request.createdAt)} UTC. What follows was read at ` +
      'the carrier then, and is read again before it goes.',
    terminal,
  )
  if (request.reason) printText(`The model's own words, unverified: ${quoteExactly(request.reason)}`, terminal, '  ')
  terminal.print()
  // Nothing of the carrier's or a model's text begins a line, where it would pass for a fact.
  for (const line of request.preview) printText(line, terminal, '  ')
  if (request.shown.length <= pageRows) return true
  for (let start = 0; start < request.shown.length; start += pageRows) {
    terminal.print()
    const page = request.shown.slice(start, start + pageRows)
    printTable(
      terminal,
      ['NUMBER', 'STATUS', 'EPG', 'TIER', 'E911', 'CNAM', 'REFERENCE', 'WOULD BECOME', 'ALSO'],
      page.map(({ tn, facts, asked }) => [tn, ...cells(facts), asked ? describeAsked(asked) : '', besideOf(facts)]),
    )
    const left = request.shown.length - start - page.length
    if (left === 0) continue
    const typed = await ask(`${left} more: Enter for the next page, q to leave `)
    if (typed === undefined || typed.trim() === 'q') return false
  }
  return true
}

function cells({ status, epg, tier, has911, cnam, refId }: Facts): string[] {
  const reference = refId ? quoteUnverified(refId) : ''
  return [status, String(epg ?? ''), harmless(tier ?? '', 10), yesNo(has911), yesNo(cnam), reference]
}

const states: { readonly [state: string]: string } = {
  given: 'approved already',
  denied: 'denied already',
  spent: 'approved and used already',
}

const mayExpire: readonly Question['state'][] = ['waiting', 'given']

/** The request of that id, where it is in one of these states; undefined where not, and then that was said. */
async function requestIn(
  wanted: readonly Question['state'][],
  journal: PersonsJournal,
  id: string,
  { now, call, journal: place }: JournalReader,
  terminal: Terminal,
): Promise<Question | undefined> {
  const yes = await journal.readQuestion(id)
  const approval = yes?.kind === 'approval' ? yes : undefined
  const expired = approval !== undefined && mayExpire.includes(approval.state) && approval.expiresAt <= now()
  if (approval && !expired && wanted.includes(approval.state)) return approval
  const state = expired ? 'expired' : states[approval?.state ?? '']
  const what = approval
    ? `${id} no longer waits: it is ${state}`
    : `No request is called ${id} in the journal ${place}, which is the one that this terminal names`
  terminal.print(`${what}. This lists those that wait: ${call} approvals`)
  return undefined
}

/** False: it is too late for that. */
async function say(journal: PersonsJournal, id: string, given: boolean, { by, now }: JournalReader): Promise<boolean> {
  let inTime = false
  await journal.answerQuestion(id, (approval) => {
    const verdict = judgeApproval(approval, { given, by, at: now() })
    inTime = verdict !== undefined
    return verdict
  })
  return inTime
}

function answered(first: boolean, done: string, terminal: Terminal): number {
  terminal.print(first ? done : 'Somebody else has answered in the meantime. Nothing was changed.')
  return first ? 0 : 1
}

function byId(noes: readonly No[]): Map<string, Noes> {
  const groups = new Map<string, Noes>()
  for (const no of noes) groups.set(no.id, [...(groups.get(no.id) ?? []), no] as [No, ...No[]])
  return groups
}

/** The first by name, the others by their count. */
function named([first, ...others]: readonly { tn: string }[]): string {
  return `${first?.tn ?? ''}${others.length > 0 ? ` and ${others.length} more` : ''}`
}

const count = ({ shown }: Question): string => (shown.length === 1 ? '1 number' : `${shown.length} numbers`)
