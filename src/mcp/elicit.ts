import * as z from 'zod'
import type { Caller, FormAnswer, WriteRequest } from '../operations/door.ts'
import type { Envelope } from '../operations/envelope.ts'
import type { FormToPut } from '../operations/form.ts'
import type { FaceOptions, RequestContext } from './context.ts'
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
  perform: FaceOptions['perform'],
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
export function formsOf({ elicit }: RequestContext, progress: Progress): PutForm | undefined {
  if (elicit === undefined) return undefined
  return async (form, signal) => {
    if (signal?.aborted) return { ended: 'cancelled' }
    // The wait has a signal of its own, because who listens on it (the SDK) never lets go of the one it is given.
    const wait = new AbortController()
    const stop = () => wait.abort()
    signal?.addEventListener('abort', stop, { once: true })
    const heart = setInterval(() => progress.beat('waiting for a person to confirm'), heartbeatMs)
    try {
      return answerOf(await elicit(shown(form), { ms: form.waitMs, signal: wait.signal }))
    } catch {
      return { ended: 'cancelled' }
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

/** An odd answer is an answer, only not the right one. */
function answerOf(came: unknown): FormAnswer {
  if (came === undefined) return { ended: 'timed_out' }
  const { action, content } = anyAnswer.safeParse(came).data ?? { action: 'cancel' }
  if (action === 'decline') return { ended: 'declined' }
  if (action !== 'accept') return { ended: 'cancelled' }
  const typed = z.object({ answer: z.union([z.string().max(100), z.int()]) }).safeParse(content)
  return { ended: 'answered', typed: typed.success ? String(typed.data.answer).trim() : '' }
}
