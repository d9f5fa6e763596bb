import net from 'node:net'
import type { Patient } from './patient.ts'

/** An endpoint's host and port in the forms that sockets and resolvers take. */
export function addressOf(endpoint: URL) {
  const secure = endpoint.protocol === 'https:'
  const host = endpoint.hostname.replace(/^\[|\]$/g, '')
  return { host, name: endpoint.hostname, port: Number(endpoint.port || (secure ? 443 : 80)), secure }
}

/** Opens a connection to the carrier, through the proxy where there is one. Rejects as `event` does, or as `tunnel`. */
export async function connectionOf({ endpoint, proxy, tunnel }: Patient): Promise<net.Socket> {
  const { host, port } = addressOf(await endpoint())
  const through = proxy()
  if (through) return tunnel(through, { host, port })
  const socket = net.connect({ host, port })
  try {
    await event(socket, 'connect')
    return socket
  } catch (error) {
    socket.destroy()
    throw error
  }
}

/** Resolves when the socket's event has come. Rejects with an error that has a code of the system. */
export function event(socket: net.Socket, name: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(patienceMs, () => reject(Object.assign(new Error('too slow'), { code: 'ETIMEDOUT' })))
    socket.once('error', reject)
    socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
    socket.once(name, () => resolve())
  })
}

/** How long each step of a connection may take, milliseconds. */
export const patienceMs = 10_000

/** A sentence about a proxy that is set and not used, with a space before it; empty where none is. */
export function aboutProxy({ env, proxy }: Pick<Patient, 'env' | 'proxy'>): string {
  if (proxy()) return ''
  const name = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'].find((one) => env[one])
  return name === undefined
    ? ''
    : ` ${name} is set, but did-mcp connects directly: the proxy that it uses is named in DID_MCP_PROXY.`
}
