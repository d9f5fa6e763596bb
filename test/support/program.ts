import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** The built program as a client starts it: nothing in its environment but what a test gives, a state folder of its own. */
export interface Program {
  child: ChildProcess
  stdout(): string
  stderr(): string
  /** Writes one JSON-RPC message. */
  say(message: object): void
  /** Resolves with the message that has this id. */
  hear(id: number | string): Promise<Message>
  /** Resolves with exit code or signal. */
  ended: Promise<number | NodeJS.Signals>
  folder: string
}

export interface Message {
  id?: number | string
  result?: Record<string, unknown>
  error?: { code: number; message: string }
}

export function start(args: string[] = [], env: Record<string, string> = {}, main = 'dist/main.js'): Program {
  const folder = mkdtempSync(join(tmpdir(), 'did-mcp-program-'))
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env.PATH ?? '', DID_MCP_STATE_DIR: join(folder, 'state'), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  const listeners = new Set<() => void>()
  child.stdout.on('data', (chunk) => {
    stdout += chunk
    for (const listener of listeners) listener()
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  child.stdin.on('error', () => undefined)
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'SIGKILL'))
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    child,
    ended,
    folder,
    stdout: () => stdout,
    stderr: () => stderr,
    say: (message) => void child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`),
    hear: (id) =>
      new Promise((resolve, reject) => {
        void ended.then((how) => reject(new Error(`the program ended (${how}) without an answer to ${id}: ${stderr}`)))
        const look = () => {
          const lines = stdout.split('\n').slice(0, -1)
          const message = lines.map((line) => JSON.parse(line) as Message).find((one) => one.id === id)
          if (message === undefined) return
          listeners.delete(look)
          resolve(message)
        }
        listeners.add(look)
        look()
      }),
  }
}

/** The handshake of a client that can do nothing beside. */
export async function initialize(program: Program): Promise<Message> {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '0' } }
  program.say({ id: 'init', method: 'initialize', params })
  const answer = await program.hear('init')
  program.say({ method: 'notifications/initialized' })
  return answer
}
