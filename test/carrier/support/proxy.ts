import http from 'node:http'
import net, { type AddressInfo } from 'node:net'

/** What a proxy does with a CONNECT: opens the way, refuses it with a status, or says nothing. */
type Answer = 'open' | 'silent' | number

export interface Proxy extends AsyncDisposable {
  /** Its address, with a user and a password in it. */
  url: URL
  /** The CONNECTs that came: where to, and as whom. */
  asked: { to: string | undefined; as: string | undefined }[]
  /** All that went through in the clear, both ways. */
  seen(): string
  /** CONNECTs whose connection has ended. */
  ended(): number
}

export const proxyPassword = 'pr@xy-PASS/marked'

/** An HTTP proxy that knows CONNECT alone. Whatever host is asked for, the way leads to `port` of this machine, if given. */
export async function startProxy(answer: (count: number) => Answer, port?: number): Promise<Proxy> {
  const asked: Proxy['asked'] = []
  const sockets = new Set<net.Socket>()
  let seen = ''
  let ended = 0
  const server = http.createServer((_request, response) => response.writeHead(400).end())
  server.on('connection', (socket) => sockets.add(socket))
  server.on('connect', (request, socket: net.Socket) => {
    asked.push({ to: request.url, as: request.headers['proxy-authorization'] })
    socket.on('error', () => undefined)
    socket.on('close', () => ended++)
    const what = answer(asked.length)
    if (what === 'silent') return void socket.resume().on('end', () => socket.end())
    if (what !== 'open') return void socket.end(`HTTP/1.1 ${what} No\r\n\r\n`)
    const onward = net.connect({ host: '127.0.0.1', port: port ?? Number(request.url?.split(':').at(-1)) })
    onward.on('error', () => socket.destroy())
    onward.once('connect', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      for (const one of [socket, onward]) one.on('data', (bytes: Buffer) => (seen += bytes.toString('latin1')))
      socket.pipe(onward).pipe(socket)
    })
    sockets.add(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port: own } = server.address() as AddressInfo
  return {
    url: new URL(`http://user:${encodeURIComponent(proxyPassword)}@127.0.0.1:${own}`),
    asked,
    seen: () => seen,
    ended: () => ended,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
