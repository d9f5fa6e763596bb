import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { ElicitRequestSchema, type ElicitResult } from '@modelcontextprotocol/sdk/types.js'
import type { Carrier } from '../../src/carrier/carrier.ts'
import { createSoapCarrier } from '../../src/carrier/soap/soap-carrier.ts'
import { journalAccount } from '../../src/domain/account.ts'
import type { Toolset } from '../../src/domain/toolset.ts'
import { writeTools } from '../../src/domain/write-tool.ts'
import type { Journal } from '../../src/journal/journal.ts'
import type { Intent } from '../../src/journal/operation.ts'
import { openSqliteJournal } from '../../src/journal/sqlite/sqlite.ts'
import { createListings } from '../../src/listings/snapshot.ts'
import { type PutForm, performAsking } from '../../src/mcp/elicit.ts'
import { createFace } from '../../src/mcp/face.ts'
import { legacyServer } from '../../src/mcp/legacy.ts'
import { type OpenDoor, type Operations, openDoor, through } from '../../src/operations/create-operations.ts'
import type { Caller, WriteRequest } from '../../src/operations/door.ts'
import type { Envelope } from '../../src/operations/envelope.ts'
import { builtIn, type Policy } from '../../src/policy/policy.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/service.ts'
import { everyTool, toolsWith } from '../../src/tools/index.ts'
import { manualClock } from './clock.ts'

/**
 * Everything between a client and the carrier, real: the sandbox on loopback, SOAP, SQLite in a folder of its own, the
 * door, the MCP server and the SDK's client. Only time is the test's.
 */
export interface Rig {
  sandbox: Sandbox
  carrier: Carrier
  journal: Journal
  door: OpenDoor
  /** What goes through the door. */
  operations: Operations
  clock: ReturnType<typeof manualClock>
  /** The policy in force; replace it to change it. */
  policy: Policy
  /** How long a person thinks before each answer, milliseconds; less than a second passes for the client's own answer. */
  thinkingMs: number
  perform(tool: WriteRequest['tool']['name'], rows: WriteRequest['rows'], more?: More): Promise<Envelope>
  /** Writes that reached the carrier, as `releaseDID 4355550142`. */
  sent(): string[]
  /** The journal of another process, which has recorded `op_left` and sent nothing yet; it dies by being closed. */
  leftBehind(intent: Pick<Intent, 'tool' | 'effect' | 'rows'> & Partial<Intent>): Promise<Journal>
  /** What was logged. */
  logged: readonly string[]
  /** The state folder. */
  folder: string
  /** A connected client. With `elicit` it declares elicitation and answers forms by it. */
  client(elicit?: Elicit, callerName?: string, clientName?: string): Promise<Client>
  close(): Promise<void>
}

export type Elicit = (question: { message: string; requestedSchema: unknown }) => Promise<ElicitResult> | ElicitResult

interface More extends Partial<Caller> {
  /** The person in front of the client. */
  put?: PutForm
  confirmation?: string
  reason?: string
  dryRun?: boolean
}

export const quietMs = 130_000

export interface RigOptions extends SandboxOptions {
  policy?: Partial<Policy>
  /** What is offered beside the ten. */
  toolsets?: readonly Toolset[]
  /** Deadline of every call to the carrier, milliseconds. */
  timeoutMs?: number
  /** Another secret than the sandbox's, and what stands before the sandbox and knows it. */
  through?: (sandbox: Sandbox) => Promise<{ endpoint: string; secret: string }>
}

export async function openRig(options: RigOptions = {}): Promise<Rig> {
  const clock = manualClock()
  const sandbox = await startSandbox({ now: clock.now, slowMs: 20, lateMs: 60_000_000, ...options })
  const { endpoint, secret } = (await options.through?.(sandbox)) ?? sandbox
  const account = { endpoint, login: 'sandbox', environment: 'sandbox' as const }
  const { timeoutMs = 5000 } = options
  const carrier = createSoapCarrier({
    account,
    secret,
    timeoutMs: { call: timeoutMs, listing: timeoutMs },
    concurrency: 8,
    retryDelayMs: 1,
  })
  const folder = await mkdtemp(join(tmpdir(), 'did-mcp-rig-'))
  const journal = await openSqliteJournal({ folder: join(folder, 'state') })
  const listings = createListings({ carrier, clock })
  const logged: string[] = []
  const note = (message: string, fields?: object) => void logged.push(`${message} ${JSON.stringify(fields)}`)
  const log = { warn: note, error: note }
  const door = openDoor({
    account: journalAccount(account),
    carrier,
    journal: async () => journal,
    policy: () => rig.policy,
    clock,
    quietMs,
    deadlineMs: timeoutMs,
    log,
    wrote: () => listings.stale(),
  })
  const operations = through(door)
  const clients: Client[] = []
  const think = () => clock.advance(rig.thinkingMs)
  const rig: Rig = {
    sandbox,
    carrier,
    journal,
    door,
    operations,
    clock,
    policy: { ...builtIn, ...options.policy },
    thinkingMs: 2000,
    logged,
    folder: join(folder, 'state'),
    perform: (tool, rows, { confirmation, reason, dryRun, put, ...caller } = {}) => {
      const { effect } = everyTool.find(({ name }) => name === tool) ?? { effect: 'read' }
      if (effect === 'read') throw new Error(`${tool} does not write`)
      return performAsking(
        operations.perform,
        { tool: { name: tool, effect }, rows, confirmation, reason, dryRun },
        { name: 'ann@desk', ...caller },
        put && ((form, signal) => put(form, signal).finally(think)),
      )
    },
    sent: () =>
      sandbox.calls.flatMap(({ operation, tns }) => (writes.has(operation) ? [`${operation} ${tns.join(' ')}`] : [])),
    async leftBehind(intent) {
      const other = await openSqliteJournal({ folder: join(folder, 'state') })
      const asked = { id: 'op_left', caller: 'bob@desk', confirmedBy: 'policy', neededYes: false }
      await other.recordIntent({ ...asked, account: door.account, at: clock.now(), ...intent }, () => undefined)
      return other
    },
    async client(elicit, callerName = 'ann@desk', clientName = 'rig') {
      const face = createFace({
        tools: toolsWith(options.toolsets ?? []),
        policy: () => rig.policy,
        sources: {
          carrier,
          listings,
          account: door.account,
          journal: door.journal,
          used: () => journal.countUsed(door.account, clock.now()),
          settleDue: (signal) => operations.settleDue({ signal }),
        },
        perform: operations.perform,
        environment: 'sandbox',
        version: '0.0.0',
        log,
      })
      const server = legacyServer(face, { caller: callerName, log })
      const client = new Client(
        { name: clientName, version: '0.0.0' },
        { capabilities: elicit ? { elicitation: {} } : {} },
      )
      if (elicit) {
        client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
          const answer = await elicit(params as Parameters<Elicit>[0])
          think()
          return answer
        })
      }
      const [ours, theirs] = InMemoryTransport.createLinkedPair()
      await Promise.all([server.connect(ours), client.connect(theirs)])
      clients.push(client)
      return client
    },
    async close() {
      await Promise.all(clients.map((client) => client.close()))
      listings.close()
      await carrier.close()
      await sandbox.close()
      await journal.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return rig
}

const writes: ReadonlySet<string> = new Set(writeTools)
