import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * Stands between a process and the sandbox, and ends the process between two of its steps: with its request whole but
 * not passed on yet, or with the carrier's answer there but not passed back.
 */
export interface Proxy {
  endpoint: string
  close(): Promise<void>
}

export interface Ender {
  /** Called for each write once its request is whole; resolves when the process is gone, where it was to end there. */
  requestSent(): Promise<void>
  /** Called once the carrier has acted and answered, or failed to. */
  carrierActed(): Promise<void>
}

export async function startProxy(target: string, ender: (body: string) => Ender | undefined): Promise<Proxy> {
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const end = /<(?:\w+:)?(?:reserve|assign|config|release)DID\b/.test(body.toString())
      ? ender(body.toString())
      : undefined
    await end?.requestSent()
    const { host: _, ...headers } = incoming.headers
    const onward = request(target, { method: 'POST', headers: { ...headers, connection: 'close' } })
    onward.on('error', async () => {
      await end?.carrierActed()
      outgoing.socket?.resetAndDestroy()
    })
    onward.on('response', async (answer) => {
      const parts: Buffer[] = []
      const whole = await new Promise<boolean>((resolve) => {
        answer.on('data', (part) => parts.push(part))
        answer.on('end', () => resolve(true))
        answer.on('error', () => resolve(false))
      })
      await end?.carrierActed()
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      if (whole) outgoing.end(Buffer.concat(parts))
      else outgoing.write(Buffer.concat(parts), () => outgoing.socket?.resetAndDestroy())
    })
    onward.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}${new URL(target).pathname}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
