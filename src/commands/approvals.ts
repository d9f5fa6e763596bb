import { harmless } from '../carrier/untrusted.ts'
import type { Journal, No, Yes } from '../journal/journal.ts'
import type { Facts } from '../journal/operation.ts'
import { noStandsMs } from '../operations/confirm.ts'
import { proofAsked } from '../operations/preview.ts'
import { describeAsked, yesNo } from './facts.ts'
import { printTable } from './table.ts'
import { type Ask, onlyAtTerminal, type Terminal } from './terminal.ts'
import { formatUtc } from './utc.ts'
import type { Reader } from './who.ts'

/** `did-mcp approvals`: the requests that wait for a person, and the noes in force, of every account. */
export async function listApprovals(journal: Journal, reader: Reader, terminal: Terminal): Promise<number> {
  const { now, call } = reader
  const waiting = (await journal.approvals(now())).filter(({ state }) => state === 'waiting')
  const noes = await journal.noesInForce(now())
  if (waiting.length === 0) terminal.print(`No request waits for a person. The journal: ${reader.journal}`)
  else {
    const rows = waiting.map((yes) => [
      yes.id,
      yes.tool,
      String(yes.facts.length),
      yes.caller,
      formatUtc(yes.createdAt),
      formatUtc(yes.expiresAt),
      yes.account.label,
    ])
    printTable(terminal, ['REQUEST', 'TOOL', 'NUMBERS', 'BY', 'SINCE (UTC)', 'UNTIL (UTC)', 'ACCOUNT'], rows)
    terminal.print(`\nLook at one and decide: ${call} approvals approve REQUEST, or deny REQUEST.`)
  }
  if (noes.length > 0) {
    terminal.print()
    const rows = [...byId(noes)].map(([id, [first, ...others]]) => {
      const more = others.length > 0 ? ` and ${others.length} more` : ''
      return [id, first.tool, `${first.tn}${more}`, first.by, formatUtc(first.until)]
    })
    printTable(terminal, ['NO', 'TOOL', 'NUMBERS', 'BY', 'UNTIL (UTC)'], rows)
    terminal.print(`\nTake one back: ${call} approvals lift NO.`)
  }
  return 0
}

/** `did-mcp approvals approve`: every fact that was previewed, then what a form in the client would ask. */
export async function approve(journal: Journal, id: string, reader: Reader, terminal: Terminal): Promise<number> {
  const { ask } = terminal
  if (ask === undefined) return onlyAtTerminal(terminal)
  const yes = await waitingRequest(journal, id, reader, terminal)
  if (yes === undefined) return 1
  if (!(await showRequest(yes, terminal, ask))) {
    terminal.print(stillWaits)
    return 1
  }
  const { field, expected } = proofAsked(yes.facts)
  const typed = await ask(`${field} (anything else leaves it waiting): `)
  if (typed?.trim() !== expected) {
    terminal.print(typed === undefined ? stillWaits : `That was not it. ${stillWaits}`)
    return 1
  }
  return answered(await say(journal, id, true, reader), 'Approved. The same call, repeated, goes ahead once.', terminal)
}

/** `did-mcp approvals deny`: a no that stands for these numbers. */
export async function deny(journal: Journal, id: string, reader: Reader, terminal: Terminal): Promise<number> {
  const yes = await waitingRequest(journal, id, reader, terminal)
  if (yes === undefined) return 1
  const done = `Denied. The no stands for ${count(yes)} for ${noStandsMs / 60_000} minutes.`
  return answered(await say(journal, id, false, reader), done, terminal)
}

/** `did-mcp approvals lift`: takes a no back, so that the numbers may be asked about again. */
export async function lift(journal: Journal, id: string, terminal: Terminal): Promise<number> {
  if (terminal.ask === undefined) return onlyAtTerminal(terminal)
  if (await journal.lift(id)) {
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
async function showRequest(yes: Yes, terminal: Terminal, ask: Ask): Promise<boolean> {
  terminal.print(`${terminal.strong(`${yes.tool} of ${count(yes)}`)}, asked for by ${yes.caller}, ${yes.account.label}`)
  terminal.print(
    `since ${formatUtc(yes.createdAt)} UTC; what follows was read at the carrier then, and is read again before it goes.`,
  )
  if (yes.reason) terminal.print(`The model's own words, unverified: "${harmless(yes.reason)}"`)
  terminal.print()
  for (const line of yes.preview) terminal.print(line)
  if (yes.facts.length <= pageRows) return true
  for (let start = 0; start < yes.facts.length; start += pageRows) {
    terminal.print()
    const page = yes.facts.slice(start, start + pageRows)
    printTable(
      terminal,
      ['NUMBER', 'STATUS', 'EPG', 'TIER', 'E911', 'CNAM', 'REFERENCE (unverified)', 'WOULD BECOME'],
      page.map(({ tn, facts, asked }) => [tn, ...cells(facts), ...(asked ? [describeAsked(asked)] : [])]),
    )
    const left = yes.facts.length - start - page.length
    if (left === 0) continue
    const typed = await ask(`${left} more: Enter for the next page, q to leave `)
    if (typed === undefined || typed.trim() === 'q') return false
  }
  return true
}

function cells({ status, epg, tier, has911, cnam, refId }: Facts): string[] {
  return [status, String(epg ?? ''), tier ?? '', yesNo(has911), yesNo(cnam), harmless(refId ?? '', 40)]
}

const states: { readonly [state: string]: string } = {
  given: 'approved already',
  denied: 'denied already',
  spent: 'approved and used already',
  expired: 'expired',
}

async function waitingRequest(
  journal: Journal,
  id: string,
  { now, call }: Reader,
  terminal: Terminal,
): Promise<Yes | undefined> {
  const yes = await journal.yes(id)
  const state = yes?.state === 'waiting' && yes.expiresAt <= now() ? 'expired' : yes?.state
  if (yes?.kind === 'approval' && state === 'waiting') return yes
  const what =
    yes?.kind === 'approval' ? `${id} no longer waits: it is ${states[state ?? '']}` : `No request is called ${id}`
  terminal.print(`${what}. This lists those that wait: ${call} approvals`)
  return undefined
}

function say(journal: Journal, id: string, given: boolean, { by, now }: Reader): Promise<boolean> {
  const at = now()
  return journal.answer(id, { given, by, at, until: at + noStandsMs })
}

function answered(first: boolean, done: string, terminal: Terminal): number {
  terminal.print(first ? done : 'Somebody else has answered in the meantime. Nothing was changed.')
  return first ? 0 : 1
}

/** A no of several numbers is one row a number in the journal. */
function byId(noes: readonly No[]): Map<string, [No, ...No[]]> {
  const groups = new Map<string, [No, ...No[]]>()
  for (const no of noes) {
    const group = groups.get(no.id)
    if (group) group.push(no)
    else groups.set(no.id, [no])
  }
  return groups
}

const count = ({ facts }: Yes): string => (facts.length === 1 ? '1 number' : `${facts.length} numbers`)
