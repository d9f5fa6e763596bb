import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterwards, databaseUrl } from './engines.ts'

/** Stands before PostgreSQL: a database that can be stopped and started, and cut off at an exact byte. */
export interface Proxy {
  /** The test database, through here. */
  url: string
  stop(): Promise<void>
  start(): Promise<void>
  /** The next request that holds this text reaches the server and is carried out; its answer is lost. */
  loseAnswerTo(text: string): void
}

export async function startProxy(): Promise<Proxy> {
  const target = new URL(databaseUrl ?? '')
  const at = { host: target.hostname, port: Number(target.port || 5432) }
  const sockets = new Set<Socket>()
  let server: Server | undefined
  let port = 0
  let lost: string | undefined

  const serve = (client: Socket) => {
    const upstream = connect(at)
    let deaf = false
    client.on('data', (bytes) => {
      if (lost !== undefined && bytes.includes(lost)) {
        lost = undefined
        deaf = true
      }
      upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      if (deaf) client.destroy()
      else client.write(bytes)
    })
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
  }
  const proxy = {
    start: async () => {
      server = createServer(serve).listen(port, '127.0.0.1')
      await once(server, 'listening')
      port = (server.address() as AddressInfo).port
    },
    stop: async () => {
      const closed = server && once(server, 'close')
      server?.close()
      server = undefined
      for (const socket of sockets) socket.destroy()
      await closed
    },
    loseAnswerTo: (text: string) => {
      lost = text
    },
  }
  await proxy.start()
  afterwards(() => proxy.stop())
  target.host = `127.0.0.1:${port}`
  return { ...proxy, url: target.href }
}
