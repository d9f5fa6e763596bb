import type { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js'
import * as z from 'zod'
import type { Caller, FormAnswer, WriteRequest } from '../operations/door.ts'
import type { Envelope } from '../operations/envelope.ts'
import type { FormToPut } from '../operations/form.ts'
import type { CallContext, McpServerOptions } from './context.ts'
import type { Progress } from './progress.ts'

/** How often a waiting call says that it lives. Clients give up after 60 s of silence; some after less. */
export const heartbeatMs = 10_000

/** Puts a form to the person in front of the client, once. Never rejects for an answer that did not come. */
export type PutForm = (form: FormToPut['form'], signal: AbortSignal | undefined) => Promise<FormAnswer>

/**
 * A write whose forms are put while the call runs: the door is entered, and entered again with what came of each form,
 * until it has an envelope. How often a form is put is the door's to say.
 *
 * @param put absent where the client cannot show forms
 */
export async function performAsking(
  perform: McpServerOptions['perform'],
  request: WriteRequest,
  caller: Caller,
  put: PutForm | undefined,
): Promise<Envelope> {
  if (put === undefined) return envelopeOf(await perform(request, caller))
  const asked = { ...caller, elicitation: 'in_call' as const }
  let answer = await perform(request, asked)
  while ('form' in answer) {
    const { form } = answer
    const said = await put(form, caller.signal)
    answer = await perform({ ...request, answer: { question: form.id, said } }, asked)
  }
  return answer
}

function envelopeOf(answer: Envelope | FormToPut): Envelope {
  if ('form' in answer) throw new Error('a form for a client that cannot show one')
  return answer
}

/** How forms are put to this client; undefined where it cannot show them. */
export function formsOf(server: Server, context: CallContext, progress: Progress): PutForm | undefined {
  // The SDK reads `elicitation: {}` as form; url alone is no form.
  if (server.getClientCapabilities()?.elicitation?.form === undefined) return undefined
  // Not `elicitInput`: it throws for odd content, and here an odd answer is an answer, only not the right one.
  return async (form, signal) => {
    if (signal?.aborted) return { ended: 'cancelled' }
    // The SDK never takes its listener off the signal it is given: that one ends with the question, not with the call.
    const wait = new AbortController()
    const stop = () => wait.abort()
    signal?.addEventListener('abort', stop, { once: true })
    const heart = setInterval(() => progress.beat('waiting for a person to confirm'), heartbeatMs)
    try {
      const options = { relatedRequestId: context.requestId, signal: wait.signal, timeout: form.waitMs }
      return answerOf(await server.request({ method: 'elicitation/create', params: shown(form) }, anyAnswer, options))
    } catch (error) {
      return { ended: !wait.signal.aborted && isTimeout(error) ? 'timed_out' : 'cancelled' }
    } finally {
      clearInterval(heart)
      signal?.removeEventListener('abort', stop)
    }
  }
}

/** Looser than the protocol's: what a client sends beside the action is judged here, not thrown at. */
const anyAnswer = z.looseObject({ action: z.string(), content: z.unknown().optional() })

function shown({ lines, field }: FormToPut['form']) {
  return {
    mode: 'form' as const,
    message: lines.join('\n'),
    requestedSchema: {
      type: 'object' as const,
      properties: { answer: { type: 'string' as const, title: field, minLength: 1, maxLength: 20 } },
      required: ['answer'],
    },
  }
}

function answerOf({ action, content }: z.output<typeof anyAnswer>): FormAnswer {
  if (action === 'decline') return { ended: 'declined' }
  if (action !== 'accept') return { ended: 'cancelled' }
  const typed = z.object({ answer: z.union([z.string().max(100), z.int()]) }).safeParse(content)
  return { ended: 'answered', typed: typed.success ? String(typed.data.answer).trim() : '' }
}

const isTimeout = (error: unknown): boolean => error instanceof McpError && error.code === ErrorCode.RequestTimeout
