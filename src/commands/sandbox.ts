import { stopSignal } from '../app/stop-signal.ts'
import type { Sandbox } from '../sandbox/service.ts'

/**
 * `did-mcp sandbox`: the embedded carrier alone, for any SOAP client, until SIGINT or SIGTERM. Its state ends with it.
 *
 * @param options.port 0: the system chooses.
 * @param options.owned numbers that the account owns, 0 to 500,000.
 * @throws Error in a person's words where the port cannot be had or `owned` is out of range.
 */
export async function sandbox(options: { port: number; owned: number }, print: (text: string) => void): Promise<void> {
  const { startSandbox } = await import('../sandbox/service.ts')
  const running = await startSandbox(options).catch((error: unknown) => {
    throw new Error(refusal(error, options.port))
  })
  const { testLines } = await import('../sandbox/test-lines.ts')
  const { portIds } = await import('../sandbox/ports.ts')
  print(about(running, { owned: options.owned, portIds, testLines }))
  await stopSignal()
  await running.close()
}

function about(
  { endpoint, login, secret, endpointGroups, instance }: Sandbox,
  facts: { owned: number; portIds: readonly number[]; testLines: readonly { line: string; behaviour: string }[] },
): string {
  const lines = facts.testLines.map(({ line, behaviour }) => `  ${line}  ${behaviour}`)
  return `The embedded carrier is up. Nothing in it is real, and it forgets everything when it ends (Ctrl-C).

  endpoint         ${endpoint}
  WSDL             ${endpoint}?wsdl
  login            ${login}
  secret           ${secret}
  endpoint groups  ${endpointGroups.join(', ')}
  owned numbers    ${facts.owned}
  port orders      ${facts.portIds.join(', ')}
  instance         ${instance}

Numbers are NPA-555-0100 to 0199. These lines misbehave in every area code; a query answers the truth about them:

${lines.join('\n')}`
}

function refusal(error: unknown, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return `Port ${port} is taken. Choose another with --port, or leave it out.`
  if (code === 'EACCES') return `Port ${port} may not be used by this user. Choose one from 1024 upward with --port.`
  return error instanceof Error ? error.message : String(error)
}
