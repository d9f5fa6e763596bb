import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { figure, interleaved, type Measurement } from './figure.ts'
import { environment } from './processes.ts'

/** The time from spawn to `tools/list` answered, and the memory then: what every client of every editor pays at every start. */
export const start: Measurement = {
  name: 'start',
  async run({ program, references, runs, smoke }) {
    const unreachable = { endpoint: 'http://127.0.0.1:9/nobody', login: 'bench', secret: 'bench', owned: [] }
    const folder = `${tmpdir()}/did-mcp-bench-nothing`
    const sides = {
      bare: { path: references['bare-server'], env: environment(folder, undefined) },
      live: { path: program, env: environment(folder, unreachable) },
      sandbox: { path: program, env: environment(folder, undefined) },
    }
    const ms: Record<keyof typeof sides, number[]> = { bare: [], live: [], sandbox: [] }
    const mb: Record<keyof typeof sides, number[]> = { bare: [], live: [], sandbox: [] }
    const once = (side: keyof typeof sides) => async () => {
      const started = await startOnce(sides[side].path, sides[side].env)
      ms[side].push(started.ms)
      mb[side].push(started.mb)
    }
    await interleaved(smoke ? 1 : 3 * runs, { bare: once('bare'), live: once('live'), sandbox: once('sandbox') })
    const facts = { unit: 'ms', aim: 1.15 } as const
    const what = 'spawn to tools/list answered'
    return [
      figure({ ...facts, name: 'start, live', what }, { ours: ms.live, reference: ms.bare }),
      figure({ ...facts, name: 'start, sandbox', what }, { ours: ms.sandbox, reference: ms.bare }),
      figure(
        { name: 'memory', what: 'RSS after tools/list', unit: 'MB', aim: 1.15 },
        { ours: mb.live, reference: mb.bare },
      ),
    ]
  },
}

/** No probe in it and no client library before it: lines are written and read as they are. */
async function startOnce(path: string, env: Record<string, string>): Promise<{ ms: number; mb: number }> {
  const from = performance.now()
  const child = spawn(process.execPath, [path], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const say = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const clientInfo = { name: 'bench', version: '0' }
  say({ id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo } })
  await lines.next()
  say({ method: 'notifications/initialized' })
  say({ id: 2, method: 'tools/list' })
  await lines.next()
  const ms = performance.now() - from
  await sleep(50)
  const mb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
  return { ms, mb }
}
