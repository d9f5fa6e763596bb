import { createRequire } from 'node:module'
import { inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { answer, fault, success } from '../support/answers.ts'
import { answerXml, carrierAt, deadEndpoint, peer, secret } from '../support/peer.ts'

/** Everything a log, a journal or a person could make of it. */
function everythingOf(thing: unknown): string {
  const own =
    thing instanceof Error ? [thing.message, thing.stack, String(thing.cause), ...Object.values(thing).map(String)] : []
  return [JSON.stringify(thing), inspect(thing, { depth: Infinity, showHidden: true, getters: true }), ...own].join(
    '\n',
  )
}

const escaped = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

describe('the secret', () => {
  it.each([
    ['a fault that echoes it', fault(`bad login: ${escaped}`), 500],
    ['a fault with HTTP 200', fault(`bad login: ${escaped}`), 200],
    ['a garbage answer', `garbage ${escaped}`, 200],
    [
      'an element of that name',
      answer('queryDID', success(`<${'S3CRET-marked-'}x/><DIDs><DID><tn>${escaped}</tn></DID></DIDs>`)),
      200,
    ],
    ['a server in trouble', `trouble with ${escaped}`, 503],
    [
      'a refusal',
      answer('queryDID', `<responseCode>902</responseCode><responseMessage>${escaped}</responseMessage>`),
      200,
    ],
  ])('is in no error: %s', async (_, body, status) => {
    await using server = await peer((response) => answerXml(response, body, status))
    await using carrier = carrierAt(server.endpoint)
    const error = await carrier.queryDID('4352154006', {}).catch((error: unknown) => error)
    expect(error).toMatchObject({ name: 'CarrierError' })
    expect((error as Error).cause).toBeUndefined()
    expect(everythingOf(error)).not.toContain('S3CRET-marked')
    expect(server.received.every((request) => request.body.includes('S3CRET-marked'))).toBe(true)
  })

  it('is in no error where nobody listens, and cannot be read off the carrier', async () => {
    await using carrier = carrierAt(await deadEndpoint())
    const error = await carrier.queryDID('4352154006', {}).catch((error: unknown) => error)
    expect(everythingOf(error)).not.toContain('S3CRET-marked')
    expect(everythingOf(carrier)).not.toContain('S3CRET-marked')
  })

  it('is taken out of the words that come with an answer', async () => {
    await using server = await peer((response) =>
      answerXml(
        response,
        answer('reserveDID', `<responseCode>900</responseCode><responseMessage>no: ${escaped}!</responseMessage>`),
      ),
    )
    await using carrier = carrierAt(server.endpoint)
    expect(await carrier.reserveDID([{ tn: '4352154006' }], {})).toEqual({
      code: 900,
      message: 'no: [redacted]!',
      dids: [],
    })
  })

  it('is refused, unquoted, where it cannot be sent', async () => {
    await using carrier = carrierAt(await deadEndpoint(), { secret: 'S3CRET-marked\n' })
    const error = await carrier.queryDID('4352154006', {}).catch((error: unknown) => error)
    expect(error).toMatchObject({ kind: 'argument', maybeSent: false })
    expect(everythingOf(error)).not.toContain('S3CRET-marked')
  })

  it('is not printed under DEBUG=*, on either stream', async () => {
    await using server = await peer((response) =>
      answerXml(response, answer('isPortable', success('<IsPortable>true</IsPortable>'))),
    )
    await using carrier = carrierAt(server.endpoint)
    // The very logger that soap prints requests with; what DEBUG=* switches on at start is switched on here.
    const debug = createRequire(createRequire(import.meta.url).resolve('soap'))('debug')
    const printed: string[] = []
    const keep = (text: unknown) => printed.push(String(text)) > 0
    const streams = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockImplementation(keep))
    try {
      debug.enable('*')
      debug('node-soap')('the logger is on')
      await carrier.isPortable('4352154006', {})
    } finally {
      debug.disable()
      for (const stream of streams) stream.mockRestore()
    }
    expect(printed.join('')).toContain('the logger is on')
    expect(printed.join('')).not.toContain('S3CRET-marked')
  })
})
