import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { found, numbers, queried, reserved } from '../support/answers.ts'
import { failed, failure } from '../support/failures.ts'
import { answerXml, carrierAt, peer, rawPeer } from '../support/peer.ts'

const timeoutMs = { call: 400, listing: 400 }

// Loaded in nobody's time: these calls have none of their own.
beforeAll(() => import('soap'))

afterEach(() => vi.useRealTimers())

/** From now on the deadlines end when the test says so, however slow the machine is. */
const holdTime = () => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })

describe('the deadline is over the whole call', () => {
  const late = failed(
    'timeout',
    true,
    'The carrier did not answer within 400 ms. The request may have reached the carrier.',
  )

  it('where nothing is answered', async () => {
    holdTime()
    await using server = await peer(() => vi.advanceTimersByTime(400))
    await using carrier = carrierAt(server.endpoint, { timeoutMs })
    expect(await failure(carrier.queryDID('4352154006', {}))).toEqual(late)
    expect(server.received.length).toBe(1)
  })

  it('and not before', async () => {
    holdTime()
    await using server = await peer((response) => {
      vi.advanceTimersByTime(399)
      answerXml(response, queried)
    })
    await using carrier = carrierAt(server.endpoint, { timeoutMs })
    expect(await carrier.queryDID('4352154006', {})).toMatchObject(found)
  })

  it('where the answer trickles', async () => {
    holdTime()
    await using server = await peer((response) => {
      response.writeHead(200, { 'content-type': 'text/xml' })
      const drop = setInterval(() => {
        response.write(' ')
        vi.advanceTimersByTime(50)
      }, 1)
      response.on('close', () => clearInterval(drop))
    })
    await using carrier = carrierAt(server.endpoint, { timeoutMs })
    expect(await failure(carrier.auditDIDs(() => undefined, {}))).toEqual(late)
  })

  it('where a read is retried again and again', async () => {
    holdTime()
    await using server = await peer((response) => answerXml(response, '', 503))
    await using carrier = carrierAt(server.endpoint, { timeoutMs, retryDelayMs: 1000 })
    const call = failure(carrier.queryDID('4352154006', {}))
    // Beside the deadline's, the timer of the next attempt: it would come after a second.
    while (vi.getTimerCount() < 2) await turn()
    vi.advanceTimersByTime(400)
    expect(await call).toEqual(late)
    expect(server.received.length).toBe(1)
  })

  it('where it stands in the queue: nothing was sent', async () => {
    holdTime()
    await using server = await peer(() => vi.advanceTimersByTime(400))
    await using carrier = carrierAt(server.endpoint, { timeoutMs: { call: 400, listing: 5000 }, concurrency: 1 })
    const stop = new AbortController()
    const slow = failure(carrier.auditDIDs(() => undefined, { signal: stop.signal }))
    expect(await failure(carrier.reserveDID(numbers, {}))).toEqual(
      failed('timeout', false, 'No turn and no connection was to be had within 200 ms. Nothing was sent.'),
    )
    stop.abort()
    expect(await slow).toMatchObject({ kind: 'cancelled' })
    expect(server.received.length).toBe(1)
  })

  it('and a write that waited for over half of it is not sent any more', async () => {
    let answerFirst: () => void = () => undefined
    await using server = await peer((response, _, count) => {
      if (count === 1) answerFirst = () => answerXml(response, queried)
    })
    await using carrier = carrierAt(server.endpoint, { timeoutMs: { call: 5000, listing: 5000 }, concurrency: 1 })
    const clock = vi.spyOn(performance, 'now')
    const first = carrier.queryDID('4352154006', {})
    const second = failure(carrier.reserveDID(numbers, {}))
    await vi.waitFor(() => expect(server.received.length).toBe(1), { interval: 2 })
    clock.mockReturnValue(performance.now() + 2600)
    answerFirst()
    expect(await first).toMatchObject(found)
    expect(await second).toEqual(
      failed('timeout', false, 'No turn and no connection was to be had within 2500 ms. Nothing was sent.'),
    )
    clock.mockRestore()
    expect(server.received.length).toBe(1)
  })
})

describe('cancelling', () => {
  it('before the call, and in the queue, sends nothing', async () => {
    await using server = await peer(() => undefined)
    await using carrier = carrierAt(server.endpoint, { concurrency: 1 })
    const nothing = failed('cancelled', false, 'The call was cancelled. Nothing was sent.')
    expect(await failure(carrier.queryDID('4352154006', { signal: AbortSignal.abort() }))).toEqual(nothing)

    const first = new AbortController()
    const second = new AbortController()
    const sending = vi.fn()
    const sent = failure(carrier.queryDID('4352154006', { signal: first.signal }))
    const queuedOne = failure(carrier.releaseDID(numbers, { signal: second.signal, sending }))
    await vi.waitFor(() => expect(server.received.length).toBe(1), { interval: 2 })
    second.abort()
    expect(await queuedOne).toEqual(nothing)
    first.abort()
    await sent
    expect(sending).not.toHaveBeenCalled()
    expect(server.received.length).toBe(1)
  })

  it('while connecting sends nothing', async () => {
    // The peer takes the connection and never greets: TLS stands still.
    await using server = await rawPeer(() => stop.abort())
    const stop = new AbortController()
    await using carrier = carrierAt(server.endpoint.replace('http:', 'https:'))
    const sending = vi.fn()
    expect(await failure(carrier.releaseDID(numbers, { signal: stop.signal, sending }))).toEqual(
      failed('cancelled', false, 'The call was cancelled. Nothing was sent.'),
    )
    expect(sending).not.toHaveBeenCalled()
  })

  it.each([
    ['while waiting', () => undefined],
    [
      'while reading',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'text/xml' }).write(reserved.slice(0, 400))
      },
    ],
  ])('%s ends the connection, and the request may have arrived', async (_, respond) => {
    const stop = new AbortController()
    let closed: Promise<unknown> = Promise.resolve()
    await using server = await peer((response) => {
      closed = once(response, 'close')
      respond(response)
      setImmediate(() => stop.abort())
    })
    await using carrier = carrierAt(server.endpoint)
    expect(await failure(carrier.reserveDID(numbers, { signal: stop.signal }))).toEqual(
      failed('cancelled', true, 'The call was cancelled. The request may have reached the carrier.'),
    )
    await closed
  })
})
