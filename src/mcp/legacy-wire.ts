import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { InitializeRequestSchema, type JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import { errorCodes, isRequest, type Message, type Wire } from './json-rpc.ts'
import { swapZero } from './zero.ts'

/**
 * A wire as the SDK can take it: what it would answer in its own words, or misread, is met here. An `initialize` that is
 * none is answered; a `task` beside a call is left out, because a server that never said it has tasks is to answer such a
 * call as any other (2025-11-25, "Tasks"); request 0 goes by another name.
 */
export function legacyTransport(wire: Wire): Transport {
  let asked: unknown
  const transport: Transport = {
    start() {
      wire.onmessage = (message) => {
        const refused = initializeError(message)
        if (refused !== undefined) return void wire.send(refused)
        if (isRequest(message) && message.method === 'initialize') asked = message.id
        transport.onmessage?.(withoutTask(swapZero(message)) as JSONRPCMessage)
      }
      wire.onclose = () => transport.onclose?.()
      return wire.start()
    },
    send(message) {
      const ours = swapZero(message as Message)
      if ('result' in ours && ours.id === asked) wire.agreed?.(String(ours.result.protocolVersion))
      return wire.send(ours)
    },
    close: () => wire.close(),
  }
  return transport
}

function initializeError(message: Message): Message | undefined {
  if (!isRequest(message) || message.method !== 'initialize') return undefined
  const { error } = InitializeRequestSchema.safeParse(message)
  const issue = error?.issues[0]
  if (issue === undefined) return undefined
  const words = `initialize: ${issue.path.join('.') || 'params'} is missing or not as the protocol has it. It needs protocolVersion, capabilities and clientInfo with name and version.`
  return { jsonrpc: '2.0', id: message.id, error: { code: errorCodes.invalidParams, message: words } }
}

function withoutTask(message: Message): Message {
  if (!('method' in message) || message.params === undefined) return message
  const { task: _ignored, _meta: meta, ...params } = message.params
  if (!isObject(meta)) return { ...message, params }
  const { [relatedTask]: _related, ...others } = meta
  return { ...message, params: { ...params, _meta: others } }
}

const relatedTask = 'io.modelcontextprotocol/related-task'

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
