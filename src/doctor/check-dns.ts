import { lookup } from 'node:dns/promises'
import net from 'node:net'
import { codeOf, type Finding } from './check.ts'
import { aboutProxy, addressOf } from './network.ts'
import type { Patient } from './patient.ts'

/** Whether the carrier's name leads to an address. */
export async function dns({ endpoint, env }: Patient): Promise<Finding> {
  const { host, name } = addressOf(await endpoint())
  if (net.isIP(host) !== 0) return { verdict: 'ok', what: `${host} is an address, there is no name to look up` }
  try {
    const addresses = await lookup(host, { all: true })
    const shown = addresses.slice(0, 4).map(({ address }) => address)
    const more = addresses.length > 4 ? ` and ${addresses.length - 4} more` : ''
    return { verdict: 'ok', what: `${name} is ${shown.join(', ')}${more}` }
  } catch (error) {
    const next = `Check DID_MCP_ENDPOINT, the network and its name server.${aboutProxy(env)}`
    return { verdict: 'failed', what: `${host} has no address here (${codeOf(error)})`, next }
  }
}
