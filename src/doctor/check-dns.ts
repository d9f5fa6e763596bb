import { lookup } from 'node:dns/promises'
import net from 'node:net'
import { codeOf, type Finding } from './check.ts'
import { aboutProxy, addressOf } from './network.ts'
import type { Patient } from './patient.ts'

/** Whether the carrier's name leads to an address. */
export async function dns(patient: Patient): Promise<Finding> {
  const proxy = patient.proxy()
  // What is behind a proxy is looked up by the proxy.
  const { host, name } = addressOf(proxy ?? (await patient.endpoint()))
  if (net.isIP(host) !== 0) return { verdict: 'ok', what: `${host} is an address, there is no name to look up` }
  try {
    const addresses = await lookup(host, { all: true })
    const shown = addresses.slice(0, 4).map(({ address }) => address)
    const more = addresses.length > 4 ? ` and ${addresses.length - 4} more` : ''
    return { verdict: 'ok', what: `${proxy ? 'the proxy ' : ''}${name} is ${shown.join(', ')}${more}` }
  } catch (error) {
    const variable = proxy === undefined ? 'DID_MCP_ENDPOINT' : 'DID_MCP_PROXY'
    const next = `Check ${variable}, the network and its name server.${aboutProxy(patient)}`
    return { verdict: 'failed', what: `${host} has no address here (${codeOf(error)})`, next }
  }
}
