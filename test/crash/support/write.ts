import { type ChildProcess, spawn } from 'node:child_process'
import type { Asked } from '../../../src/domain/facts.ts'
import type { DidWriteTool } from '../../../src/domain/write-tool.ts'
import type { Place } from '../../journal/support/places.ts'
import { bundled } from '../../support/child-script.ts'

/** Where a process ends. The last two are the proxy's doing, the others the process's own. */
export const killPoints = [
  'before intent',
  'after intent',
  'sending committed',
  'request sent',
  'carrier acted',
  'answer read',
  'outcome committed',
] as const

export type KillPoint = (typeof killPoints)[number]

/** What one process writes. */
export interface Write {
  place: Place
  endpoint: string
  tool: DidWriteTool
  /** One call each, one after the other. */
  calls: Asked[][]
  kill?: KillPoint | undefined
  /** Stops itself (SIGSTOP) once its `sending` row is committed, until somebody lets it go on. */
  pause?: boolean | undefined
  /** A ticket: then the policy asks for a yes. */
  confirmation?: string | undefined
  quietMs: number
  assignedPerDay: number | null
}

export interface Writer {
  child: ChildProcess
  /** Exit code or signal. */
  ended: Promise<number | NodeJS.Signals>
  /** What each call answered or threw, where it lived to tell. */
  answers: Promise<{ status?: string; code?: string; operationId?: string }[]>
}

/** Starts a process that writes (writer.ts). */
export async function startWriter(write: Write): Promise<Writer> {
  const script = await bundled(new URL('./writer.ts', import.meta.url))
  const env = { PATH: process.env.PATH, WRITE: JSON.stringify(write) }
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal ?? 0))
  })
  return { child, ended, answers: ended.then(() => JSON.parse(out || '[]')) }
}
