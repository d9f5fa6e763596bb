import { type Answer, errorCodes, type Message, type Notification, type RequestId } from './json-rpc.ts'

/**
 * What a client wrote, read as a message of JSON-RPC. One that is none is `refused` where its id can be read, since its
 * sender waits for an answer; else it is `unreadable` and says why.
 */
export type Frame = { message: Message } | { refused: Answer } | { unreadable: string }

/**
 * Reads one JSON value. `null` stands for what is absent, as clients write it: `params`, `_meta`, `progressToken`. What
 * JSON-RPC does not know beside its own members is left out.
 *
 * @param unfit why no request can be taken in the place where this one stands
 */
export function readFrame(value: unknown, unfit?: string): Frame {
  if (!isObject(value)) return { unreadable: 'it is no object' }
  const { id, method } = value
  const known = isId(id) ? id : undefined
  if (method === undefined && known !== undefined && ('result' in value || 'error' in value)) {
    return { message: answerIn(known, value) }
  }
  const wrong = unfit === undefined ? problemIn(value) : { code: errorCodes.invalidRequest, problem: unfit }
  if (wrong !== undefined) {
    return known === undefined ? { unreadable: wrong.problem } : { refused: refusal(known, wrong.code, wrong.problem) }
  }
  const message = { jsonrpc: '2.0', method: String(method), ...paramsIn(value) } satisfies Notification
  return { message: known === undefined ? message : { id: known, ...message } }
}

/** The answer to a request that cannot be taken, with what was expected. Nothing was done for it. */
function refusal(id: RequestId, code: number, problem: string): Answer {
  return { jsonrpc: '2.0', id, error: { code, message: `This is no request: ${problem}. Nothing was done.` } }
}

type Json = Record<string, unknown>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const isId = (id: unknown): id is RequestId => typeof id === 'string' || Number.isSafeInteger(id)

function problemIn(frame: Json): { code: number; problem: string } | undefined {
  const { invalidRequest, invalidParams } = errorCodes
  const { jsonrpc, id, method, params } = frame
  if ('id' in frame && !isId(id))
    return { code: invalidRequest, problem: 'its id is neither a text nor a whole number' }
  if (typeof method !== 'string') return { code: invalidRequest, problem: 'it has no method' }
  if (jsonrpc !== '2.0') return { code: invalidRequest, problem: 'it lacks "jsonrpc": "2.0"' }
  if (isAbsent(params)) return undefined
  if (!isObject(params)) return { code: invalidParams, problem: 'its params are no object' }
  const { _meta: meta } = params
  if (isAbsent(meta)) return undefined
  if (!isObject(meta)) return { code: invalidParams, problem: 'params._meta is no object' }
  if (isAbsent(meta.progressToken) || isId(meta.progressToken)) return undefined
  return { code: invalidParams, problem: 'params._meta.progressToken is neither a text nor a whole number' }
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null

/** The parameters of a frame without a problem. */
function paramsIn({ params }: Json): { params?: Json } {
  if (!isObject(params)) return {}
  const { _meta, ...rest } = params
  if (!isObject(_meta)) return { params: rest }
  const { progressToken, ...meta } = _meta
  return { params: { ...rest, _meta: isAbsent(progressToken) ? meta : { ...meta, progressToken } } }
}

/** The answer to a question of ours. One that cannot be read is an error of the client's: whoever asked need not wait. */
function answerIn(id: RequestId, { jsonrpc, result, error }: Json): Answer {
  if (jsonrpc === '2.0' && isObject(result)) return { jsonrpc, id, result }
  if (isObject(error) && Number.isSafeInteger(error.code) && typeof error.message === 'string') {
    const { code, message, data } = error
    return { jsonrpc: '2.0', id, error: { code: Number(code), message, ...(data !== undefined && { data }) } }
  }
  return { jsonrpc: '2.0', id, error: { code: errorCodes.invalidRequest, message: 'the answer cannot be read' } }
}
