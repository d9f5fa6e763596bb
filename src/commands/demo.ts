import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sandboxLine } from '../mcp/environment.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { printText, wrap } from '../terminal/wrap.ts'
import { answerLines, shortened } from './demo/demo-answer.ts'
import { type StartedServer, startServer, type ToolAnswer } from './demo/demo-client.ts'

/**
 * `did-mcp demo`: starts this very server as a desktop client would, takes one number of the embedded carrier through
 * its whole life, and shows each call and its answer.
 *
 * @param program the path of this program
 * @param call how a person starts it
 * @returns 0, or 1 where any step was not as it should be.
 */
export async function demo(
  { program, call }: { program: string; call: string },
  { width, ...rest }: Terminal,
): Promise<number> {
  const terminal = { ...rest, width: Number.isFinite(width) ? width : columnsWhereNobodyLooks }
  const folder = await mkdtemp(join(tmpdir(), 'did-mcp-demo-'))
  // Nothing of the caller's environment but the path: the demo must never reach a real account.
  const env = { PATH: process.env.PATH ?? '', DID_MCP_STATE_DIR: join(folder, 'state'), DID_MCP_LOG_LEVEL: 'error' }
  const server = await startServer(process.execPath, [program], env)
  try {
    await play({ server, terminal, number: 0 })
    terminal.print(`\n${terminal.strong('The demo ended as it should.')} Nothing in it was real.\n`)
    printText('Next: an entry for your client, Claude Desktop or another, and a look at it:', terminal)
    terminal.print(`  ${call} config claude-desktop\n  ${call} doctor --client claude-desktop`)
    return 0
  } catch (error) {
    terminal.print(
      `\n${terminal.strong('Not as it should be:')} ${error instanceof Error ? error.message : String(error)}`,
    )
    return 1
  } finally {
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
}

interface Stage {
  server: StartedServer
  terminal: Terminal
  /** The number of the step that is shown. */
  number: number
}

/** The life of one number, act by act. */
async function play(stage: Stage): Promise<void> {
  await introduce(stage)
  const tn = await find(stage)
  await step(stage, 'Hold it for half an hour.', 'reserveDID', { didParams: [tn] }, { status: 'done' })
  await buy(stage, tn)
  await move(stage, tn)
  await giveBack(stage, tn)
  await lookBack(stage, tn)
}

async function introduce({ server, terminal }: Stage): Promise<void> {
  const tools = await server.tools()
  terminal.print(terminal.strong(`${server.title} ${server.version}`))
  printText(
    `Started over stdio, as a desktop client starts it. It offers ${tools.length} tools: ${tools.join(', ')}. ` +
      `Each answer says "${saidOfSandbox}", which is said here once; tickets and cursors are cut short.`,
    terminal,
  )
}

const saidOfSandbox = sandboxLine('sandbox').join()

/** @returns a number that can be had */
async function find(stage: Stage): Promise<string> {
  const where = { state: 'UT', npa: '435', rateCenter: 'PARK CITY', limit: 5 }
  const search = await step(stage, 'Which numbers could we have in Park City, Utah?', 'getDIDs', where)
  const area = { npa: '435', limit: 3 }
  await step(stage, 'How many are there in that area code, by rate center and tier?', 'getDIDCount', area)
  const dids = list(search.structured?.dids)
  const tn = String(dids.find(({ tier }) => tier !== '777')?.tn ?? '')
  expect(stage, tn.length === 10, 'the search found a number')
  await step(stage, 'Is it still to be had?', 'queryDID', { did: tn }, { 'results.0.status': 'available' })
  return tn
}

const unconfirmed = { status: 'confirmation_required' }

async function buy(stage: Stage, tn: string): Promise<void> {
  const assign = { didParams: [tn], epg: 8674, refId: 'demo' }
  const question = 'Buy it. That costs money every month, so a yes is needed first.'
  const confirmation = ticketOf(await step(stage, question, 'assignDID', assign, unconfirmed))
  const again = 'The same call again, with the ticket that came with the preview.'
  const bought = { status: 'done', 'results.0.code': 100 }
  await step(stage, again, 'assignDID', { ...assign, confirmation }, bought)
}

async function move(stage: Stage, tn: string): Promise<void> {
  const config = { didParams: [tn], epg: 8675 }
  const confirmation = ticketOf(
    await step(stage, 'Move it to another endpoint group.', 'configDID', config, unconfirmed),
  )
  const yes = 'Yes: its reference and CNAM setting stay as they were.'
  const moved = { status: 'done', 'results.0.after.epg': 8675, 'results.0.after.refId': 'demo' }
  await step(stage, yes, 'configDID', { ...config, confirmation }, moved)
}

async function giveBack(stage: Stage, tn: string): Promise<void> {
  const release = { didParams: [tn] }
  const warning = 'Give it back. Without a yes, nothing happens.'
  const confirmation = ticketOf(await step(stage, warning, 'releaseDID', release, unconfirmed))
  const madeUp = { ...release, confirmation: 'ticket_made_up' }
  await refused(stage, 'A ticket that nobody gave is no yes.', 'releaseDID', madeUp, 'CONFIRMATION_MISMATCH')
  await step(stage, 'So it is still ours.', 'queryDID', { did: tn }, { 'results.0.status': 'yours' })
  const code = 'With the true ticket it goes. The carrier answers 106231, which for a release means that it worked.'
  const released = { status: 'done', 'results.0.code': 106231 }
  await step(stage, code, 'releaseDID', { ...release, confirmation }, released)
  await refused(stage, 'A ticket works once.', 'releaseDID', { ...release, confirmation }, 'CONFIRMATION_USED')
}

async function lookBack(stage: Stage, tn: string): Promise<void> {
  await step(stage, 'What does the account own now?', 'auditDIDs', { limit: 3 }, { total: 25 })
  const journal = await step(stage, 'And what was done to that number?', 'listOperations', { tn })
  const done = list(journal.structured?.operations).map(({ tool }) => tool)
  expect(stage, done.join() === 'releaseDID,configDID,assignDID,reserveDID', 'the journal tells its whole life')
}

/** One call, shown; it must not be an error, and each value named must be as expected. */
async function step(
  stage: Stage,
  words: string,
  tool: string,
  args: Record<string, unknown>,
  expected: Record<string, unknown> = {},
): Promise<ToolAnswer> {
  const answer = await shown(stage, words, tool, args)
  expect(stage, !answer.isError, `${tool} answers`)
  for (const [path, value] of Object.entries(expected)) {
    const came = at(answer.structured, path)
    expect(stage, came === value, `${tool}: ${path} is ${JSON.stringify(value)} (came: ${JSON.stringify(came)})`)
  }
  return answer
}

/** One call that the server must refuse, with this code. */
async function refused(stage: Stage, words: string, tool: string, args: Record<string, unknown>, code: string) {
  const answer = await shown(stage, words, tool, args)
  const came = at(answer.meta, 'did-mcp/error')
  expect(stage, answer.isError && at(came, 'code') === code, `${tool} is refused with ${code}`)
}

async function shown(stage: Stage, words: string, tool: string, args: Record<string, unknown>): Promise<ToolAnswer> {
  stage.number++
  const { print, strong, dim, width } = stage.terminal
  const room = width - indent.length
  const hung = (text: string, hang: string) =>
    wrap(text, room - hang.length).map((line, index) => (index === 0 ? line : hang + line))
  print()
  for (const line of hung(`${stage.number}. ${words}`, '    ')) print(strong(line))
  for (const line of hung(shortened(`> ${tool} ${spaced(args)}`), '  ')) print(`${indent}${line}`)
  const answer = await stage.server.call(tool, args)
  const said = answer.text.split('\n')
  expect(stage, said.includes(saidOfSandbox), 'the answer is the sandbox’s')
  const text = said.filter((line) => line !== saidOfSandbox).join('\n')
  for (const line of answerLines(text, room, telling)) print(dim(`${indent}${line}`))
  return answer
}

/** The arguments as JSON that can be broken between its members. */
function spaced(args: Record<string, unknown>): string {
  return `{${Object.entries(args)
    .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
    .join(', ')}}`
}

/** A file or a pipe is read by somebody too. */
const columnsWhereNobodyLooks = 100

const indent = '   '

/** What tells most, of the columns for which there is no room. */
const telling = [
  'tn',
  'startedAt',
  'tool',
  'status',
  'confirmedBy',
  'tier',
  'state',
  'rateCenter',
  'endpointId',
  'refId',
]

function expect(stage: Stage, holds: boolean, what: string): void {
  if (!holds) throw new Error(`in step ${stage.number} it was expected that ${what}`)
}

function ticketOf(answer: ToolAnswer): unknown {
  return at(answer.structured, 'confirmation.ticket')
}

/** The value at a path such as `results.0.status`. */
function at(value: unknown, path: string): unknown {
  if (Object.hasOwn(Object(value), path)) return (value as Record<string, unknown>)[path]
  return path.split('.').reduce<unknown>((inner, key) => (Object(inner) as Record<string, unknown>)[key], value)
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value : []
}
