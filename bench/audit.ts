import { figure, interleaved, type Measurement } from './figure.ts'
import { startCarrier, startReference, startServer } from './processes.ts'
import type { Parsed } from './references/bare-sax.ts'

/** The first answer about an account of 100,000 numbers, cold, and the page after it; against a bare `sax` stream. */
export const audit: Measurement = {
  name: 'audit',
  async run(how) {
    const owned = how.smoke ? 1000 : 100_000
    const carrier = await startCarrier(how, { owned })
    const { first } = carrier
    const runs = {
      ours: { ms: [] as number[], block: [] as number[], peak: [] as number[], second: [] as number[] },
      theirs: { ms: [] as number[], peak: [] as number[] },
    }

    const ours = async () => {
      const server = await startServer(how, { carrier: first })
      const page = async (args: object) => {
        const from = performance.now()
        const { structured } = await server.call('auditDIDs', args)
        const ms = performance.now() - from
        if (structured.total !== owned) throw new Error(`the audit has ${structured.total} numbers, not ${owned}`)
        return { ms, cursor: structured.nextCursor }
      }
      await server.read()
      const firstPage = await page({})
      const { blockMs, peakMB } = await server.read()
      const secondPage = await page({ cursor: firstPage.cursor })
      runs.ours.ms.push(firstPage.ms)
      runs.ours.block.push(blockMs)
      runs.ours.peak.push(peakMB)
      runs.ours.second.push(secondPage.ms)
      await server.close()
    }
    const theirs = async () => {
      const bare = await startReference(how.references['bare-sax'], first)
      const { ms, peakMB, rows } = await bare.ask<Parsed>({})
      if (rows !== owned) throw new Error(`the reference read ${rows} numbers, not ${owned}`)
      runs.theirs.ms.push(ms)
      runs.theirs.peak.push(peakMB)
      await bare.end()
    }
    await interleaved(how.smoke ? 1 : how.runs, { ours, theirs })
    await carrier.end()

    const of = `audit of ${owned.toLocaleString('en')} DIDs`
    return [
      figure(
        { name: 'audit', what: `${of}, first page`, unit: 'ms', aim: 1 },
        { ours: runs.ours.ms, reference: runs.theirs.ms },
      ),
      figure(
        { name: 'audit, block', what: 'longest event-loop block of it', unit: 'ms', aim: 50 },
        { ours: runs.ours.block },
      ),
      figure(
        { name: 'audit, memory', what: 'peak RSS of it', unit: 'MB', aim: 0.8 },
        { ours: runs.ours.peak, reference: runs.theirs.peak },
      ),
      figure(
        { name: 'audit, next page', what: 'second page against the first', unit: 'ms', aim: 0.02 },
        { ours: runs.ours.second, reference: runs.ours.ms },
      ),
    ]
  },
}
