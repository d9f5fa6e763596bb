import type { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js'
import * as z from 'zod'
import type { Answer, Confirmer, Question } from '../operations/confirmer.ts'
import type { CallContext } from './context.ts'
import type { Progress } from './progress.ts'

/** How often a waiting call says that it lives. Clients give up after 60 s of silence; some after less. */
export const heartbeatMs = 10_000

/**
 * The person in front of the client, asked through a form with one required field. Undefined where the client cannot show
 * forms. Not `elicitInput`: it throws for odd content, and here an odd answer is an answer, only not the right one.
 */
export function confirmerFor(server: Server, context: CallContext, progress: Progress): Confirmer | undefined {
  // The SDK reads `elicitation: {}` as form; url alone is no form.
  if (server.getClientCapabilities()?.elicitation?.form === undefined) return undefined
  return {
    async ask(question) {
      const { signal } = question
      if (signal?.aborted) return { ended: 'cancelled' }
      // The SDK never takes its listener off the signal it is given: that one ends with the question, not with the call.
      const wait = new AbortController()
      const stop = () => wait.abort()
      signal?.addEventListener('abort', stop, { once: true })
      const heart = setInterval(() => progress.beat('waiting for a person to confirm'), heartbeatMs)
      try {
        const options = { relatedRequestId: context.requestId, signal: wait.signal, timeout: question.waitMs }
        return answerOf(
          await server.request({ method: 'elicitation/create', params: form(question) }, anyAnswer, options),
        )
      } catch (error) {
        return { ended: !wait.signal.aborted && isTimeout(error) ? 'timed_out' : 'cancelled' }
      } finally {
        clearInterval(heart)
        signal?.removeEventListener('abort', stop)
      }
    },
  }
}

/** Looser than the protocol's: what a client sends beside the action is judged here, not thrown at. */
const anyAnswer = z.looseObject({ action: z.string(), content: z.unknown().optional() })

function form({ lines, field }: Question) {
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

function answerOf({ action, content }: z.output<typeof anyAnswer>): Answer {
  if (action === 'decline') return { ended: 'declined' }
  if (action !== 'accept') return { ended: 'cancelled' }
  const typed = z.object({ answer: z.union([z.string().max(100), z.int()]) }).safeParse(content)
  return { ended: 'answered', typed: typed.success ? String(typed.data.answer).trim() : '' }
}

const isTimeout = (error: unknown): boolean => error instanceof McpError && error.code === ErrorCode.RequestTimeout
