import type { Message } from './json-rpc.ts'

/**
 * Request id 0 is valid, but the SDK (1.32.2) takes a cancellation of it for one without an id, on either side. So a
 * request 0 goes by another name inside: the same swap on the way in and on the way out, for requests, cancellations
 * and answers.
 */
export function swapZero(message: Message): Message {
  if (!('method' in message)) return message.id === instead ? { ...message, id: 0 } : message
  if ('id' in message) return message.id === 0 ? { ...message, id: instead } : message
  if (message.method !== 'notifications/cancelled' || message.params?.requestId !== 0) return message
  return { ...message, params: { ...message.params, requestId: instead } }
}

const instead = 'did-mcp:0'
