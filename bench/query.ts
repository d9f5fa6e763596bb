import { type Figure, figure, type How, interleaved, type Measurement, median } from './figure.ts'
import { startCarrier, startReference, startServer } from './processes.ts'
import type { Done, Order } from './references/plain-soap.ts'

/** `queryDID` through stdio and MCP, against a plain `soap` client that is called in process. */
export const query: Measurement = { name: 'query', run }

const load = [
  { atOnce: 1, aim: 1 },
  { atOnce: 8, aim: 0.8 },
]

async function run(how: How): Promise<Figure[]> {
  const carrier = await startCarrier(how, { owned: 1000 })
  const plain = await startReference(how.references['plain-soap'], carrier.first)
  const server = await startServer(how, { carrier: carrier.first })
  const tns = carrier.first.owned.slice(0, how.smoke ? 20 : 400)

  const ours = async (atOnce: number): Promise<Done> => {
    const before = await server.read()
    const ms: number[] = []
    const waiting = [...tns]
    const worker = async () => {
      for (let did = waiting.shift(); did !== undefined; did = waiting.shift()) {
        const from = performance.now()
        await server.call('queryDID', { did })
        ms.push(performance.now() - from)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
    return { ms, cpuMs: (await server.read()).cpuMs - before.cpuMs }
  }
  const theirs = (atOnce: number) => plain.ask<Done>({ method: 'queryDID', tns, atOnce } satisfies Order)

  // Both loaded, both compiled.
  for (const warm of [ours, theirs, ours, theirs]) await warm(8)
  const figures: Figure[] = []
  for (const { atOnce, aim } of load) {
    const done: { ours: Done[]; theirs: Done[] } = { ours: [], theirs: [] }
    await interleaved(how.smoke ? 1 : how.runs, {
      ours: async () => void done.ours.push(await ours(atOnce)),
      theirs: async () => void done.theirs.push(await theirs(atOnce)),
    })
    const of = (side: Done[], value: (done: Done) => number) => side.map(value)
    const figureOf = (name: string, what: string, most: number, value: (done: Done) => number) =>
      figure({ name, what, unit: 'ms', aim: most }, { ours: of(done.ours, value), reference: of(done.theirs, value) })
    figures.push(figureOf(`query, ${atOnce} at once`, 'p50 of queryDID', aim, ({ ms }) => median(ms)))
    if (atOnce === 1) {
      const cpu = ({ cpuMs }: Done) => cpuMs / tns.length
      figures.push(figureOf('query, CPU', "the server's CPU time per queryDID", 1, cpu))
    }
  }
  for (const one of [server.close, plain.end, carrier.end]) await one()
  return figures
}
