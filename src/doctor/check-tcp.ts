import { isLoopback } from '../domain/loopback.ts'
import { codeOf, type Finding } from './check.ts'
import { aboutProxy, addressOf, connectionOf } from './network.ts'
import type { Patient } from './patient.ts'

/** Whether anything takes connections at the carrier's address. */
export async function tcp(patient: Patient): Promise<Finding> {
  const address = addressOf(await patient.endpoint())
  const { host, port } = address
  const proxy = patient.proxy()
  const began = performance.now()
  try {
    const socket = await connectionOf(patient)
    socket.destroy()
    const through = proxy === undefined ? '' : ` through the proxy ${proxy.host}`
    return {
      verdict: 'ok',
      what: `${host}:${port} takes connections${through}, after ${Math.round(performance.now() - began)} ms`,
    }
  } catch (error) {
    if (proxy !== undefined && error instanceof Error) {
      const [what = '', ...next] = error.message.split('. ')
      return { verdict: 'failed', what: `${proxy.host}: ${what}`, next: `${next.join('. ')}.` }
    }
    return judgeNoConnection(codeOf(error), { ...address, call: patient.person.call, proxy: aboutProxy(patient) })
  }
}

/**
 * Judges why a connection failed.
 *
 * @param code the system's
 * @param there.call how a person starts this program
 * @param there.proxy what there is to say of one, with a space before it
 */
export function judgeNoConnection(
  code: string,
  { host, name, port, call, proxy }: { host: string; name: string; port: number; call: string; proxy: string },
): Finding {
  const what = `no connection to ${host}:${port} (${code})`
  if (code !== 'ECONNREFUSED') {
    const next = `A firewall may be in the way: let this machine connect to port ${port}.${proxy}`
    return { verdict: 'failed', what, next }
  }
  const next = 'Nothing listens on that port: check DID_MCP_ENDPOINT.'
  if (!isLoopback(name)) return { verdict: 'failed', what, next: `${next}${proxy}` }
  const run = `${call} sandbox --port ${port}`
  return { verdict: 'failed', what, next: `${next} If it is the sandbox, is it running? This starts it:`, run }
}
