import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type OperationName, wsdl } from '../../src/carrier/soap/wsdl.ts'
import { startSandbox } from '../../src/sandbox/service.ts'

export interface CarrierOptions {
  owned: number
  /** Milliseconds; makes it stateful. */
  latencyMs?: number
}

export interface Started {
  endpoint: string
  login: string
  secret: string
  /** Numbers that the account owns, sorted. */
  owned: string[]
}

/** The carrier: with a latency it is the sandbox itself, stateful and that slow; without, what it would answer, for next to nothing. */
const { owned, latencyMs } = JSON.parse(process.argv[2] ?? '{}') as CarrierOptions
const sandbox = await startSandbox({ owned, latencyMs })
const { login, secret } = sandbox
const tns = [...sandbox.inventory.owned()].map(({ tn }) => tn).sort()
const endpoint = latencyMs === undefined ? await serveFromMemory() : sandbox.endpoint
process.send?.({ endpoint, login, secret, owned: tns } satisfies Started)

async function serveFromMemory(): Promise<string> {
  const [someone = ''] = tns
  const audit = await answer('auditDIDs', '')
  const search = await answer('getDIDs', '<state>UT</state>')
  const query = (await answer('queryDID', `<did>${someone}</did>`)).toString().split(someone)
  await sandbox.close()
  let address = ''
  const of = (body: string): Buffer => {
    if (body.includes('auditDIDs')) return audit
    if (body.includes('getDIDs')) return search
    return Buffer.from(query.join(/did>(\d{10})</.exec(body)?.[1] ?? someone))
  }
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const made = request.method === 'GET' ? Buffer.from(wsdl(address)) : of(Buffer.concat(chunks).toString())
    response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8', 'content-length': made.length })
    response.end(made)
  }
  const server = createServer(respond)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/Services/APIService.asmx`
  return address
}

async function answer(operation: OperationName, elements: string): Promise<Buffer> {
  const response = await fetch(sandbox.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: `"http://tempuri.org/${operation}"` },
    body: `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><${operation} xmlns="http://tempuri.org/"><login>${login}</login><secret>${secret}</secret>${elements}</${operation}></soap:Body></soap:Envelope>`,
  })
  return Buffer.from(await response.arrayBuffer())
}
