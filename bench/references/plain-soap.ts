import { createClientAsync } from 'soap'

/**
 * A plain `soap` client as its README shows it, all defaults, called in process. The parent says how many calls and how
 * many at once; it answers how long each took and what CPU time they cost.
 */
export interface Order {
  method: 'queryDID' | 'releaseDID'
  tns: string[]
  atOnce: number
}

export interface Done {
  ms: number[]
  cpuMs: number
}

const [, , endpoint = '', login = '', secret = ''] = process.argv
const client = await createClientAsync(`${endpoint}?wsdl`)

async function call({ method, tns, atOnce }: Order): Promise<Done> {
  const before = process.cpuUsage()
  const ms: number[] = []
  const waiting = [...tns]
  const worker = async () => {
    for (let tn = waiting.shift(); tn !== undefined; tn = waiting.shift()) {
      const from = performance.now()
      if (method === 'queryDID') await client.queryDIDAsync({ login, secret, did: tn })
      else await client.releaseDIDAsync({ login, secret, didParams: { DIDParam: [{ tn }] } })
      ms.push(performance.now() - from)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  const { user, system } = process.cpuUsage(before)
  return { ms, cpuMs: (user + system) / 1000 }
}

process.on('message', (order: Order) => {
  void call(order).then((done) => process.send?.(done))
})
process.send?.('ready')
