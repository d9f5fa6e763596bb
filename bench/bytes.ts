import { type Figure, figure, type Measurement } from './figure.ts'
import { startCarrier, startServer } from './processes.ts'

/** What a model is made to read: paid for in tokens, at every turn or at every call. */
export const bytes: Measurement = {
  name: 'bytes',
  async run(how) {
    const carrier = await startCarrier(how, { owned: how.smoke ? 1000 : 100_000 })
    const server = await startServer(how, { carrier: carrier.first })
    const { tools } = (await server.request('tools/list')) as { tools: Listed[] }
    const read = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }))
    const account = await server.call('auditDIDs', {})
    const search = await server.call('getDIDs', { state: 'UT', limit: 25 })
    await server.close()
    await carrier.end()
    return [
      size('bytes, tools', 'names, descriptions and input schemas of tools/list', read, 11),
      size('bytes, tools/list', 'the whole of tools/list', { tools }, 26),
      size('bytes, account', 'first answer about 100,000 DIDs, structured', account.structured, 6),
      size('bytes, account text', 'the same as text', account.text, 3),
      size('bytes, search', 'a search of 25 rows, structured', search.structured, 4),
      size('bytes, search text', 'the same as text', search.text, 2),
    ]
  },
}

interface Listed {
  name: string
  description: string
  inputSchema: object
}

function size(name: string, what: string, value: unknown, aim: number): Figure {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return figure({ name, what, unit: 'KB', aim }, { ours: [Buffer.byteLength(text) / 1024] })
}
