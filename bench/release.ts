import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { figure, interleaved, type Measurement } from './figure.ts'
import { startCarrier, startReference, startServer } from './processes.ts'
import type { Done, Order } from './references/plain-soap.ts'

/** Releasing 1,000 of 2,000 numbers at 50 ms a call: previewed, confirmed by a form, recorded, without the person's own second; against a loop of single calls. */
export const release: Measurement = {
  name: 'release',
  async run(how) {
    const [owned, released, timed] = how.smoke ? [40, 20, 2] : [2000, 1000, 50]
    const folder = mkdtempSync(join(tmpdir(), 'did-mcp-bench-'))
    const policy = join(folder, 'policy.json')
    writeFileSync(policy, JSON.stringify({ limits: { didsPerCall: null, releasedPerDay: null } }))
    const runs = { ours: [] as number[], theirs: [] as number[] }

    const ours = async () => {
      const carrier = await startCarrier(how, { owned, latencyMs })
      const env = { DID_MCP_POLICY: policy }
      const server = await startServer(how, { carrier: carrier.first, confirms: String(released), env })
      await server.call('queryDID', { did: carrier.first.owned[0] })
      const from = performance.now()
      const { structured } = await server.call('releaseDID', { didParams: carrier.first.owned.slice(0, released) })
      runs.ours.push(performance.now() - from - server.personMs())
      const { done } = structured.counts as { done: number }
      if (done !== released) throw new Error(`${done} of ${released} were released: ${structured.summary}`)
      await server.close()
      await carrier.end()
    }
    const theirs = async () => {
      const { first, end } = await startCarrier(how, { owned, latencyMs })
      const plain = await startReference(how.references['plain-soap'], first)
      const tns = first.owned.slice(0, timed)
      const order: Order = { method: 'releaseDID', tns, atOnce: 1 }
      const { ms } = await plain.ask<Done>(order)
      runs.theirs.push((ms.reduce((sum, one) => sum + one, 0) / timed) * released)
      await plain.end()
      await end()
    }
    await interleaved(how.smoke ? 1 : how.runs, { ours, theirs })
    rmSync(folder, { recursive: true, force: true })
    const what = `release of ${released} of ${owned} DIDs at ${latencyMs} ms a call; the reference: ${timed} timed and scaled`
    return [figure({ name: 'release', what, unit: 'ms', aim: 0.05 }, { ours: runs.ours, reference: runs.theirs })]
  },
}

const latencyMs = 50
