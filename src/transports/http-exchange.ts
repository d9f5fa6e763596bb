import type { ServerResponse } from 'node:http'
import type { Message, Wire } from '../mcp/json-rpc.ts'
import type { Acceptable } from './http-guards.ts'
import { sendJson } from './http-replies.ts'

/** One request and its answer: a connection that lives as long as the HTTP exchange does. */
export interface Exchange extends Wire {
  /** Takes the request back: no answer goes out. */
  cancel(cancelled: Message): void
}

/**
 * The response to one request as a wire. What comes before the answer, progress, makes it a stream of events where the
 * client takes one; where it does not read them, steps are left out. A client that is gone closes the wire, which cancels.
 */
export function openExchange(
  response: ServerResponse,
  taken: Acceptable,
  headers: Readonly<Record<string, string>>,
): Exchange {
  let over = false

  function event(message: Message): void {
    if (!response.headersSent) {
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
        ...headers,
      })
    }
    response.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`)
  }

  function finish(): void {
    over = true
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream', ...headers })
    response.end()
  }

  const wire: Exchange = {
    async start() {
      response.on('close', () => {
        if (over) return
        over = true
        wire.onclose?.()
      })
    },
    async send(message) {
      if (over) return
      if ('method' in message) {
        if (taken.stream && !response.writableNeedDrain) event(message)
      } else if (response.headersSent || !taken.json) {
        event(message)
        finish()
      } else {
        over = true
        sendJson(response, 200, message, headers)
      }
    },
    async close() {
      if (!over) finish()
    },
    cancel(cancelled) {
      if (over) return
      wire.onmessage?.(cancelled)
      finish()
    },
  }
  return wire
}
