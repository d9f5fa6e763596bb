import {
  type ClientCapabilities,
  type ElicitRequest,
  ElicitRequestSchema,
  type ElicitResult,
} from '@modelcontextprotocol/sdk/types.js'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { heartbeatMs } from '../../src/mcp/elicit.ts'
import type { FormAnswer } from '../../src/operations/door.ts'
import { allDone, type Stage, stageWith } from '../support/stage.ts'

const lines = ['Release 1 number, for good?', '4355550150: endpoint group 8674, E911 on file, reference "LOGAN-OFFICE"']
const id = 'form_1'
const field = 'Last four digits of the number'

interface Asked {
  stage: Stage
  /** What the door heard. */
  answer: Promise<FormAnswer | 'cannot ask'>
  /** Forms that the client was shown. */
  shown: ElicitRequest['params'][]
  progress: unknown[]
  call: Promise<unknown>
}

/** A door that asks the person once, behind a client that shows forms as `show` does. */
async function ask(
  show: (params: ElicitRequest['params'], extra: { signal: AbortSignal }) => Promise<ElicitResult>,
  options: { waitMs?: number; capabilities?: ClientCapabilities; cancel?: AbortSignal } = {},
): Promise<Asked> {
  const { waitMs = 60_000, capabilities = { elicitation: {} } } = options
  let heard: (answer: FormAnswer | 'cannot ask') => void = () => undefined
  const answer = new Promise<FormAnswer | 'cannot ask'>((resolve) => {
    heard = resolve
  })
  const stage = await stageWith({
    capabilities,
    async perform(request, { elicitation }) {
      if (request.answer === undefined && elicitation === 'in_call') return { form: { id, lines, field, waitMs } }
      if (request.answer) expect(request.answer.question).toBe(id)
      heard(request.answer?.said ?? 'cannot ask')
      return allDone(request)
    },
  })
  const shown: Asked['shown'] = []
  if (capabilities.elicitation) {
    stage.client.setRequestHandler(ElicitRequestSchema, async ({ params }, extra) => {
      shown.push(params)
      return show(params, extra)
    })
  }
  const progress: unknown[] = []
  const args = { name: 'releaseDID', arguments: { didParams: ['4355550150'] } }
  const call = stage.client.callTool(args, undefined, {
    onprogress: (heardOf) => progress.push(heardOf),
    ...(options.cancel && { signal: options.cancel }),
  })
  call.catch(() => undefined)
  return { stage, answer, shown, progress, call }
}

const never = () => new Promise<ElicitResult>(() => undefined)

describe('the endings of a question', () => {
  const endings: [string, ElicitResult, FormAnswer][] = [
    ['accepted', { action: 'accept', content: { answer: ' 0150 ' } }, { ended: 'answered', typed: '0150' }],
    ['accepted with a number', { action: 'accept', content: { answer: 150 } }, { ended: 'answered', typed: '150' }],
    ['accepted, empty', { action: 'accept', content: { answer: '' } }, { ended: 'answered', typed: '' }],
    ['accepted without content', { action: 'accept' }, { ended: 'answered', typed: '' }],
    ['accepted with another field', { action: 'accept', content: { yes: true } }, { ended: 'answered', typed: '' }],
    ['accepted with a list', { action: 'accept', content: { answer: ['0150'] } }, { ended: 'answered', typed: '' }],
    [
      'accepted with a novel',
      { action: 'accept', content: { answer: '0'.repeat(5000) } },
      { ended: 'answered', typed: '' },
    ],
    ['declined', { action: 'decline' }, { ended: 'declined' }],
    ['declined with content', { action: 'decline', content: { answer: '0150' } }, { ended: 'declined' }],
    ['cancelled', { action: 'cancel' }, { ended: 'cancelled' }],
  ]
  test.each(endings)('%s', async (_name, result, expected) => {
    const { answer, call } = await ask(async () => result)
    expect(await answer).toEqual(expected)
    await call
  })

  test('never answered: timed out after the wait', async () => {
    const { answer } = await ask(never, { waitMs: 5 })
    expect(await answer).toEqual({ ended: 'timed_out' })
  })

  test('a client that fails instead of asking is nobody’s no', async () => {
    const { answer } = await ask(async () => {
      throw new Error('no window')
    })
    expect(await answer).toEqual({ ended: 'cancelled' })
  })

  test('the call is cancelled while the form is open', async () => {
    const cancel = new AbortController()
    const { answer } = await ask(
      () => {
        cancel.abort()
        return never()
      },
      { cancel: cancel.signal },
    )
    expect(await answer).toEqual({ ended: 'cancelled' })
  })

  test('the connection goes', async () => {
    const { answer, stage } = await ask(() => {
      void stage.client.close()
      return never()
    })
    expect(await answer).toEqual({ ended: 'cancelled' })
  })
})

test('the form is what the door says, with one required field', async () => {
  const { shown, call } = await ask(async () => ({ action: 'decline' }))
  await call
  expect(shown).toEqual([
    {
      mode: 'form',
      message: lines.join('\n'),
      requestedSchema: {
        type: 'object',
        properties: { answer: { type: 'string', title: field, minLength: 1, maxLength: 20 } },
        required: ['answer'],
      },
      _meta: undefined,
    },
  ])
})

describe('who can be asked', () => {
  const clients: [string, ClientCapabilities, boolean][] = [
    ['elicitation: {} means form', { elicitation: {} }, true],
    ['form', { elicitation: { form: {} } }, true],
    ['form and url', { elicitation: { form: {}, url: {} } }, true],
    ['url alone', { elicitation: { url: {} } }, false],
    ['nothing declared', {}, false],
  ]
  test.each(clients)('%s', async (_name, capabilities, can) => {
    const { answer } = await ask(async () => ({ action: 'decline' }), { capabilities })
    expect(await answer).toEqual(can ? { ended: 'declined' } : 'cannot ask')
  })
})

test('a client that waits with us hears that the call lives', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const { progress, call } = await ask(async () => {
    vi.advanceTimersByTime(2 * heartbeatMs)
    return { action: 'decline' }
  })
  await call
  vi.advanceTimersByTime(10 * heartbeatMs)
  expect(progress).toEqual([
    { progress: 0, message: 'waiting for a person to confirm' },
    { progress: 0.001, message: 'waiting for a person to confirm' },
  ])
})
