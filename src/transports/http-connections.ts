import type { Server, ServerResponse } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'

/** The connections of a server, so that its end cuts no answer that is on its way. */
export interface ServedConnections {
  /** Notes that a response is begun on its connection. */
  begun(response: ServerResponse): void
  /** Takes no further connections, and closes each as soon as nothing is on its way there. */
  end(): void
  /** Resolves when none is left; those that are left after `graceMs` are cut. */
  ended(graceMs: number): Promise<void>
}

/** Node's own `close` counts an answer as gone once it is written, taken or not, and cuts it. */
export function connectionsOf(server: Server): ServedConnections {
  const underWay = new Map<Socket, number>()
  let ending = false

  server.on('connection', (socket: Socket) => {
    underWay.set(socket, 0)
    socket.on('close', () => underWay.delete(socket))
  })

  function end(): void {
    ending = true
    NetServer.prototype.close.call(server)
    for (const [socket, responses] of underWay) if (responses === 0) socket.destroy()
  }

  return {
    begun(response) {
      const { socket } = response
      if (socket === null) return
      underWay.set(socket, (underWay.get(socket) ?? 0) + 1)
      response.on('close', () => {
        const left = (underWay.get(socket) ?? 1) - 1
        if (underWay.has(socket)) underWay.set(socket, left)
        if (ending && left === 0) socket.destroySoon()
      })
    },
    end,
    async ended(graceMs) {
      end()
      const cut = setTimeout(() => server.closeAllConnections(), graceMs)
      await Promise.all([...underWay.keys()].map((socket) => new Promise((resolve) => socket.once('close', resolve))))
      clearTimeout(cut)
    },
  }
}
