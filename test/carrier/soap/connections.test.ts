import { afterEach, describe, expect, it, vi } from 'vitest'
import { numbers, queried, reserved } from '../support/answers.ts'
import { failed, failure } from '../support/failures.ts'
import { answerXml, carrierAt, peer } from '../support/peer.ts'

afterEach(() => vi.unstubAllEnvs())

describe('where the request goes', () => {
  it.each([301, 302, 307, 308])('a redirect (%i) is an error: the secret is not posted again', async (status) => {
    await using elsewhere = await peer((response) => answerXml(response, queried))
    await using server = await peer((response) => response.writeHead(status, { location: elsewhere.endpoint }).end())
    await using carrier = carrierAt(server.endpoint)
    expect(await failure(carrier.queryDID('4352154006', {}))).toEqual(
      failed(
        'protocol',
        true,
        `The carrier's server answered with a redirect (HTTP ${status}), which is not followed.`,
        status,
      ),
    )
    expect(elsewhere.received).toEqual([])
  })

  it('a proxy in the environment is not used', async () => {
    await using proxy = await peer((response) => answerXml(response, queried))
    for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'all_proxy']) vi.stubEnv(name, proxy.endpoint)
    await using server = await peer((response) => answerXml(response, queried))
    await using carrier = carrierAt(server.endpoint)
    await carrier.queryDID('4352154006', {})
    expect([server.received.length, proxy.received.length]).toEqual([1, 0])
  })
})

describe('connections', () => {
  it('are kept for the next call, writes included', async () => {
    await using server = await peer((response, { headers }) =>
      answerXml(response, String(headers.soapaction).includes('reserve') ? reserved : queried),
    )
    await using carrier = carrierAt(server.endpoint)
    await carrier.queryDID('4352154006', {})
    await carrier.reserveDID(numbers, {})
    await carrier.queryDID('4352154006', {})
    expect(server.received.map(({ connection }) => connection)).toEqual([1, 1, 1])
  })

  it('that stood idle for a second serve reads, but no write: it could be lost with them', async () => {
    await using server = await peer((response, { headers }) =>
      answerXml(response, String(headers.soapaction).includes('reserve') ? reserved : queried),
    )
    await using carrier = carrierAt(server.endpoint)
    await carrier.queryDID('4352154006', {})
    const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 1500)
    await carrier.queryDID('4352154006', {})
    clock.mockReturnValue(performance.now() + 3000)
    await carrier.reserveDID(numbers, {})
    clock.mockRestore()
    expect(server.received.map(({ connection }) => connection)).toEqual([1, 1, 2])
  })

  it('are at most as many as asked for, and writes go ahead of reads that wait', async () => {
    const open: (() => void)[] = []
    await using server = await peer((response, { headers }) => {
      open.push(() => answerXml(response, String(headers.soapaction).includes('reserve') ? reserved : queried))
    })
    await using carrier = carrierAt(server.endpoint, { concurrency: 1 })
    const all = [
      carrier.queryDID('4352154006', {}),
      carrier.queryDID('4352154006', {}),
      carrier.reserveDID(numbers, {}),
    ]
    for (let answered = 0; answered < 3; answered++) {
      await vi.waitFor(() => expect(open.length).toBe(answered + 1), { interval: 2 })
      open[answered]?.()
    }
    await Promise.all(all)
    expect(server.received.map(({ headers }) => String(headers.soapaction).slice(20, -1))).toEqual([
      'queryDID',
      'reserveDID',
      'queryDID',
    ])
  })

  it('end with close(), and calls after it reject', async () => {
    await using server = await peer((response) => answerXml(response, queried))
    const carrier = carrierAt(server.endpoint)
    await carrier.queryDID('4352154006', {})
    await carrier.close()
    expect(await failure(carrier.queryDID('4352154006', {}))).toEqual(
      failed('cancelled', false, 'The carrier is closed. Nothing was sent.'),
    )
  })
})
