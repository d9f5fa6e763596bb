import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Stands between a process and the sandbox and passes on whatever either says, broken answers included. */
export interface Forwarder {
  endpoint: string
  close(): Promise<void>
}

/** What happens on the way, for each request. */
export interface OnTheWay {
  /** The request as it is passed on. */
  edit?(body: string): string
  /** Called once the request is whole, and not passed on before it resolves. */
  requestSent?(): Promise<void>
  /** Called once the carrier has acted and answers, or fails to; the answer is not passed back before it resolves. */
  carrierActed?(): Promise<void>
}

export async function startForwarder(target: string, onTheWay: (body: string) => OnTheWay): Promise<Forwarder> {
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    const { edit, requestSent, carrierActed } = onTheWay(body)
    await requestSent?.()
    const { host: _, 'content-length': __, ...headers } = incoming.headers
    const onward = request(target, { method: 'POST', headers: { ...headers, connection: 'close' } })
    const broken = () => outgoing.socket?.resetAndDestroy()
    onward.on('error', async () => {
      await carrierActed?.()
      broken()
    })
    onward.on('response', async (answer) => {
      answer.on('error', broken)
      await carrierActed?.()
      // The request is never torn, whoever hangs up; an answer that nobody reads any more is.
      if (outgoing.destroyed) {
        answer.destroy()
        return
      }
      outgoing.on('close', () => answer.destroy())
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.end(edit?.(body) ?? body)
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
