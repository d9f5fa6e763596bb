import { figure, type Measurement } from './figure.ts'
import { startCarrier, startServer } from './processes.ts'

/** What 20,000 calls leave behind, after a warm-up and a collection. */
export const heap: Measurement = {
  name: 'heap',
  async run(how) {
    const [warm, calls] = how.smoke ? [20, 40] : [4000, 20_000]
    const carrier = await startCarrier(how, { owned: 1000 })
    const { owned } = carrier.first
    const server = await startServer(how, { carrier: carrier.first, execArgv: ['--expose-gc'] })
    const query = async (count: number) => {
      let left = count
      const worker = async () => {
        for (; left > 0; left--) {
          await server.call('queryDID', { did: owned[left % owned.length] })
        }
      }
      await Promise.all(Array.from({ length: 8 }, worker))
    }
    await query(warm)
    const before = await server.read()
    await query(calls)
    const after = await server.read()
    await server.close()
    await carrier.end()
    const what = `heap growth over ${calls.toLocaleString('en')} calls`
    return [figure({ name: 'heap', what, unit: 'MB', aim: 5 }, { ours: [Math.max(0, after.heapMB - before.heapMB)] })]
  },
}
