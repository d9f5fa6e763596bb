import type { ServerResponse } from 'node:http'
import zlib from 'node:zlib'
import { describe, expect, it, vi } from 'vitest'
import { answer, did, found, queried, success } from '../support/answers.ts'
import { failed, failure } from '../support/failures.ts'
import { answerXml, carrierAt, peer } from '../support/peer.ts'

describe('the bytes of an answer', () => {
  const large = failed('protocol', true, "The carrier's answer is larger than 2000 bytes.")
  const maxBytes = { call: 2000, listing: 2000 }
  const big = answer('queryDID', success(`<DIDs>${did()}</DIDs><!--${'x'.repeat(5000)}-->`))

  it.each([
    ['said beforehand', (response: ServerResponse) => answerXml(response, big)],
    [
      'found on the way',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'text/xml' })
        for (let at = 0; at < big.length; at += 500) response.write(big.slice(at, at + 500))
        response.end()
      },
    ],
    [
      'found when decompressed',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'text/xml', 'content-encoding': 'gzip' }).end(zlib.gzipSync(big))
      },
    ],
  ])('are capped: %s', async (_, respond) => {
    await using server = await peer((response) => respond(response))
    await using carrier = carrierAt(server.endpoint, { maxBytes })
    expect(await failure(carrier.queryDID('4352154006', {}))).toEqual(large)
  })

  it.each([
    ['gzip', { 'content-encoding': 'gzip' }, zlib.gzipSync(queried)],
    ['deflate', { 'content-encoding': 'deflate' }, zlib.deflateSync(queried)],
    ['UTF-8 with its mark', {}, Buffer.from(`\ufeff${queried}`)],
    ['UTF-16 with its mark', { 'content-type': 'text/xml' }, Buffer.from(`\ufeff${queried}`, 'utf16le')],
    ['UTF-16 by its name', { 'content-type': 'application/xml; charset="utf-16le"' }, Buffer.from(queried, 'utf16le')],
    ['SOAP 1.2', { 'content-type': 'application/soap+xml; charset=utf-8' }, Buffer.from(queried)],
  ])('may be %s', async (_, headers, body) => {
    await using server = await peer((response) =>
      response.writeHead(200, { 'content-type': 'text/xml', ...headers }).end(body),
    )
    await using carrier = carrierAt(server.endpoint)
    expect(await carrier.queryDID('4352154006', {})).toMatchObject(found)
  })

  it.each([
    ['by its content type', 'text/xml; charset=iso-8859-1', queried],
    ['by its declaration', 'text/xml', queried.replace('utf-8', 'windows-1252')],
  ])('may be Latin-1 %s', async (_, type, xml) => {
    const body = Buffer.from(xml.replace('ST GEORGE', 'CAÑON CITY'), 'latin1')
    await using server = await peer((response) => response.writeHead(200, { 'content-type': type }).end(body))
    await using carrier = carrierAt(server.endpoint)
    expect((await carrier.queryDID('4352154006', {})).did?.rateCenter).toBe('CAÑON CITY')
  })

  it('are read alike wherever they are parted', async () => {
    const body = Buffer.from(queried.replace('ST GEORGE', 'CAÑON CITY €'))
    await using server = await peer((response) => {
      response.writeHead(200, { 'content-type': 'text/xml' })
      const drop = (at: number) => {
        if (at >= body.length) response.end()
        else response.write(body.subarray(at, at + 3), () => drop(at + 3))
      }
      drop(0)
    })
    await using carrier = carrierAt(server.endpoint)
    expect((await carrier.queryDID('4352154006', {})).did?.rateCenter).toBe('CAÑON CITY €')
  })

  it.each([
    [
      'in a charset nobody knows',
      { 'content-type': 'text/xml; charset=klingon' },
      Buffer.from(queried),
      "The carrier's answer cannot be read: it is written in a charset that is not known.",
    ],
    [
      'not of their charset',
      {},
      Buffer.from(queried.replace('ST GEORGE', 'CAÑON'), 'latin1'),
      "The carrier's answer cannot be read: its bytes are not utf-8.",
    ],
    [
      'in damaged gzip',
      { 'content-encoding': 'gzip' },
      Buffer.from('no gzip'),
      "The carrier's answer cannot be read (Z_DATA_ERROR).",
    ],
    [
      'in cut gzip',
      { 'content-encoding': 'gzip' },
      zlib.gzipSync(queried).subarray(0, 100),
      "The carrier's answer cannot be read (Z_BUF_ERROR).",
    ],
    [
      'in a compression not asked for',
      { 'content-encoding': 'br' },
      zlib.brotliCompressSync(queried),
      "The carrier's answer is compressed in a way that was not asked for.",
    ],
  ])('are refused %s', async (_, headers, body, message) => {
    await using server = await peer((response) =>
      response.writeHead(200, { 'content-type': 'text/xml', ...headers }).end(body),
    )
    await using carrier = carrierAt(server.endpoint)
    expect(await failure(carrier.queryDID('4352154006', {}))).toEqual(failed('protocol', true, message))
  })

  it('leave others their turn: once the time for a slice is over, one more piece is read before they have it', async () => {
    const body = Buffer.from(answer('auditDIDs', success(`<DIDs>${did().repeat(2000)}</DIDs>`)))
    await using server = await peer((response) => answerXml(response, body))
    await using carrier = carrierAt(server.endpoint)
    // A slice is over whenever the time is looked at.
    let now = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 10))
    let rows = 0
    let inTurn = 0
    let mostInTurn = 0
    const turn = () => {
      inTurn = 0
      others = setImmediate(turn)
    }
    let others = setImmediate(turn)
    await carrier.auditDIDs(() => {
      rows++
      mostInTurn = Math.max(mostInTurn, ++inTurn)
    }, {})
    clearImmediate(others)
    clock.mockRestore()
    expect(rows).toBe(2000)
    // A chunk of the network is 65,536 bytes, a piece 16,384; the end of a row may come with the next piece.
    expect(mostInTurn).toBeLessThanOrEqual(Math.ceil(16_384 / did().length) + 1)
  })
})
