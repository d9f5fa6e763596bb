import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, connect } from './client.ts'
import type { How } from './figure.ts'
import type { CarrierOptions, Started } from './references/carrier.ts'
import type { Reading } from './references/probe.ts'

/** A process of the bench's own: it says something first, is then told what to do by messages, and answers each. */
export interface Helper<First> {
  first: First
  ask<Answer>(order: object): Promise<Answer>
  end(): Promise<void>
}

async function startHelper<First>(path: string, args: string[]): Promise<Helper<First>> {
  const child = fork(path, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const first = await heard<First>(child)
  return { first, ask: (order) => asked(child, order), end: () => ended(child) }
}

/** A carrier in a process of its own: with `latencyMs` the sandbox, without what it would answer, from memory. */
export function startCarrier({ references }: How, options: CarrierOptions): Promise<Helper<Started>> {
  return startHelper<Started>(references.carrier, [JSON.stringify(options)])
}

/** A reference that asks this carrier. */
export function startReference(path: string, { endpoint, login, secret }: Started): Promise<Helper<string>> {
  return startHelper<string>(path, [endpoint, login, secret])
}

/** The built program as a desktop client starts it. */
export interface Server extends Client {
  /** What the probe sees inside. */
  read(): Promise<Reading>
  close(): Promise<void>
}

export interface ServerOptions {
  carrier: Started
  /** Typed into every form. */
  confirms?: string
  env?: Environment
  execArgv?: string[]
}

/** Starts it with nothing but `env` and a state folder that goes with it. It has answered `initialize` when this resolves. */
export async function startServer(how: How, { carrier, confirms, env, execArgv = [] }: ServerOptions): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'did-mcp-bench-'))
  const child = fork(how.program, [], {
    execArgv: ['--import', how.references.probe, ...execArgv],
    env: { ...environment(folder, carrier), ...env },
    stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
  })
  const client = await connect(child, confirms)
  return {
    ...client,
    read: () => asked<Reading>(child, {}),
    async close() {
      client.end()
      await ended(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type Environment = Record<string, string>

/** Nothing of the caller's: a state folder that is thrown away, and the carrier's credentials where there is a carrier. */
export function environment(folder: string, carrier: Started | undefined): Environment {
  return {
    PATH: process.env.PATH ?? '',
    DID_MCP_STATE_DIR: join(folder, 'state'),
    ...(carrier && {
      DID_MCP_LOGIN: carrier.login,
      DID_MCP_SECRET: carrier.secret,
      DID_MCP_ENDPOINT: carrier.endpoint,
    }),
  }
}

function asked<Answer>(child: ChildProcess, order: object): Promise<Answer> {
  const answer = heard<Answer>(child)
  child.send(order)
  return answer
}

function heard<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null) => reject(new Error(`a process of the bench ended early (${code})`))
    child.once('exit', gone)
    child.once('message', (message) => {
      child.off('exit', gone)
      resolve(message as Message)
    })
  })
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    // A server ends with its input, a helper has none.
    if (!child.stdin) child.kill()
  })
}
