import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { bundled } from '../../support/child-script.ts'
import type { Jobs } from './child.ts'

/** Another process with a journal: each job of child.ts, and its life. */
export type Process = Jobs & {
  process: ChildProcess
  /** Ends it with a signal that it cannot catch, and waits until the system has let go of it. */
  kill(): Promise<void>
}

/** Processes that are ready to be told; call it in beforeAll, and `endProcesses` in afterAll. */
export async function startProcesses(count: number): Promise<Process[]> {
  const script = await bundled(new URL('./child.ts', import.meta.url))
  return Promise.all(Array.from({ length: count }, () => start(script)))
}

export async function endProcesses(processes: readonly Process[]): Promise<void> {
  await Promise.all(processes.map((child) => child.kill()))
}

async function start(script: string): Promise<Process> {
  const child = fork(script, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] })
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(failure: Error): void }>()
  let calls = 0
  child.on('message', ({ id, answer, failure }: { id: number; answer: unknown; failure?: Error }) => {
    const call = waiting.get(id)
    waiting.delete(id)
    if (failure) call?.reject(Object.assign(new Error(failure.message), { name: failure.name }))
    else call?.resolve(answer)
  })
  const job =
    (name: keyof Jobs) =>
    (...args: unknown[]) =>
      new Promise((resolve, reject) => {
        const id = calls++
        waiting.set(id, { resolve, reject })
        child.send({ id, job: name, args })
      })
  const names = ['open', 'record', 'sending', 'settle', 'adopt', 'close', 'pid'] as const
  const told = Object.fromEntries(names.map((name) => [name, job(name)])) as unknown as Jobs
  await told.pid()
  return {
    ...told,
    process: child,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}
