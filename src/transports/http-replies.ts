import type { ServerResponse } from 'node:http'

/** An error as JSON-RPC writes one whose request cannot be told: the body of every refusal, whatever its status. */
export interface Reply {
  status: number
  /** What a person reads; never what a client sent, and never a stack. */
  words: string
  code?: number | undefined
  headers?: Readonly<Record<string, string>> | undefined
}

/** The codes of JSON-RPC for what is no request, and the one that its servers use for what HTTP refuses. */
export const replyCodes = { notJson: -32700, noRequest: -32600, refused: -32000 } as const

/** Sends a body of JSON, whole, and the headers that keep it out of caches and from being taken for something else. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  })
  response.end(text)
}

/** Sends a refusal as an error of JSON-RPC without an id. */
export function sendReply(response: ServerResponse, reply: Reply): void {
  sendJson(response, reply.status, bodyOf(reply), reply.headers)
}

/** The same for a connection on which no request could be read. */
export function rawReply(status: number, phrase: string, words: string): string {
  const text = JSON.stringify(bodyOf({ status, words, code: replyCodes.noRequest }))
  const lines = [
    `HTTP/1.1 ${status} ${phrase}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
  ]
  return `${lines.join('\r\n')}\r\n\r\n${text}`
}

function bodyOf({ words, code = replyCodes.refused }: Reply): object {
  return { jsonrpc: '2.0', id: null, error: { code, message: words } }
}
