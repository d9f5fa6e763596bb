/** A message of JSON-RPC 2.0, as it is written on a wire. */
export type Message = Request | Notification | Answer

export type RequestId = string | number

export interface Request extends Notification {
  id: RequestId
}

export interface Notification {
  jsonrpc: '2.0'
  method: string
  params?: { [name: string]: unknown } | undefined
}

export type Answer = { jsonrpc: '2.0'; id: RequestId } & (
  | { result: { [name: string]: unknown } }
  | { error: { code: number; message: string; data?: unknown } }
)

export const isRequest = (message: Message): message is Request => 'method' in message && 'id' in message

/** Our end of a connection: whole messages in both directions, however they travel. */
export interface Wire {
  start(): Promise<void>
  /** Resolves when the message is out, or when nobody is there to take it. */
  send(message: Message): Promise<void>
  close(): Promise<void>
  onmessage?: ((message: Message) => void) | undefined
  onclose?: (() => void) | undefined
  /** Called once the two sides agreed on a revision of the protocol, since frames differ between them. */
  agreed?: ((revision: string) => void) | undefined
}

/** The codes of errors: JSON-RPC's own, and one of the Model Context Protocol ("Resources", error handling). */
export const errorCodes = {
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  resourceNotFound: -32002,
} as const
