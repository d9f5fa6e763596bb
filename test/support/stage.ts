import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { type CallToolResult, CallToolResultSchema, type ClientCapabilities } from '@modelcontextprotocol/sdk/types.js'
import { expect, onTestFinished } from 'vitest'
import type { Carrier } from '../../src/carrier/carrier.ts'
import { createSoapCarrier } from '../../src/carrier/soap/soap-carrier.ts'
import type { Environment } from '../../src/domain/account.ts'
import { nothingUsed, type Used } from '../../src/domain/budget.ts'
import type { Operation, OperationQuery } from '../../src/journal/operation.ts'
import { createListings, type Listings } from '../../src/listings/snapshot.ts'
import { createFace } from '../../src/mcp/face.ts'
import type { Wire } from '../../src/mcp/json-rpc.ts'
import { legacyServer } from '../../src/mcp/legacy.ts'
import type { Caller, WriteRequest } from '../../src/operations/door.ts'
import type { Envelope } from '../../src/operations/envelope.ts'
import type { FormToPut } from '../../src/operations/form.ts'
import { builtIn, type Policy } from '../../src/policy/policy.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/service.ts'
import { tools } from '../../src/tools/index.ts'

/** A real client before a real server over the real sandbox; only the door for writes and the journal are stand-ins. */
export interface Stage {
  client: Client
  /** One more connection to the same face. */
  connect(wire: Wire): Promise<void>
  sandbox: Sandbox
  listings: Listings
  /** What reached the door. */
  writes: { request: WriteRequest; caller: Caller }[]
  /** What reached the journal. */
  asked: OperationQuery[]
  logged: { message: string; fields: unknown }[]
  call(tool: string, args?: Record<string, unknown>): Promise<CallToolResult>
  close(): Promise<void>
}

export interface StageOptions {
  owned?: number
  carrier?: Partial<Carrier>
  policy?: () => Policy
  perform?: (request: WriteRequest, caller: Caller) => Promise<Envelope | FormToPut>
  operations?: Operation[]
  more?: boolean
  journal?: () => Promise<never>
  settleDue?: () => Promise<void>
  used?: () => Promise<Used>
  environment?: Environment
  capabilities?: ClientCapabilities
  now?: () => number
  onInitialized?: () => void
}

export const account = { id: 'account-1', place: 'place', environment: 'sandbox', label: 'sandbox@127.0.0.1' } as const

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const now = options.now ?? Date.now
  const sandbox = await startSandbox({ owned: options.owned })
  const { endpoint, login, secret } = sandbox
  const soap = createSoapCarrier({
    account: { endpoint, login, environment: 'sandbox' },
    secret,
    timeoutMs: { call: 10_000, listing: 60_000 },
    concurrency: 8,
  })
  const carrier: Carrier = { ...soap, ...options.carrier }
  const listings = createListings({ carrier, clock: { now, ticks: now, after: () => () => undefined } })
  const stage: Pick<Stage, 'writes' | 'asked' | 'logged'> = { writes: [], asked: [], logged: [] }
  const log = (message: string, fields?: unknown) => void stage.logged.push({ message, fields })
  const face = createFace({
    tools,
    policy: options.policy ?? (() => builtIn),
    sources: {
      carrier,
      listings,
      account,
      journal:
        options.journal ??
        (async () => ({
          readOperation: async (id) => options.operations?.find((operation) => operation.id === id),
          async readOperations(query) {
            stage.asked.push(query)
            return { operations: options.operations ?? [], more: options.more ?? false }
          },
        })),
      used: options.used ?? (async () => nothingUsed),
      settleDue: options.settleDue ?? (async () => undefined),
    },
    async perform(request, caller) {
      stage.writes.push({ request, caller })
      return options.perform ? options.perform(request, caller) : allDone(request)
    },
    environment: options.environment ?? 'sandbox',
    version: '1.2.3',
    log: { error: log },
  })
  const { onInitialized } = options
  const server = legacyServer(face, { caller: 'eva@desk', log: { warn: log }, onInitialized })
  const client = new Client({ name: 'test', version: '1' }, { capabilities: options.capabilities ?? {} })
  const [ours, theirs] = InMemoryTransport.createLinkedPair()
  await Promise.all([server.connect(ours), client.connect(theirs)])
  // From then on the client holds every answer against the tool's output schema.
  await client.listTools()
  return {
    ...stage,
    client,
    connect: (wire) => legacyServer(face, { caller: 'eva@desk', log: { warn: log } }).connect(wire),
    sandbox,
    listings,
    call: async (name, args = {}) => CallToolResultSchema.parse(await client.callTool({ name, arguments: args })),
    async close() {
      await client.close()
      listings.close()
      await soap.close()
      await sandbox.close()
    },
  }
}

/** A stage that is closed with the test that opened it. */
export async function stageWith(options: StageOptions = {}): Promise<Stage> {
  const stage = await openStage(options)
  onTestFinished(() => stage.close())
  return stage
}

export const textOf = (result: CallToolResult): string =>
  result.content.map((part) => (part.type === 'text' ? part.text : `<${part.type}>`)).join('')

export const structured = ({ structuredContent }: CallToolResult) => structuredContent as Record<string, unknown>

/** Text and machine part of an error; it must have nothing else. */
export function errorOf(result: CallToolResult) {
  expect(result.isError).toBe(true)
  expect(result).not.toHaveProperty('structuredContent')
  return { text: textOf(result).split('\n'), error: result._meta?.['did-mcp/error'] }
}

/** Said in every text of the sandbox. */
export const sandboxLine = 'environment: sandbox (nothing here is real)'

/** An envelope that says that everything was done. */
export function allDone({ rows }: WriteRequest): Envelope {
  return {
    status: 'done',
    environment: 'sandbox',
    operationId: 'op-1',
    summary: `${rows.length} done.`,
    counts: { done: rows.length, failed: 0, uncertain: 0, notAttempted: 0 },
    results: rows.map(({ tn }) => ({ tn, outcome: 'done' as const, code: 100 })),
  }
}
