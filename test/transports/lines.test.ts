import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Line, lineSplitter } from '../../src/transports/lines.ts'

/** The lines of an input that comes in these pieces. */
function linesOf(pieces: (string | Buffer)[], most = 100): Line[] {
  const lines: Line[] = []
  const split = lineSplitter((line) => lines.push(line), most)
  for (const piece of pieces) split.push(Buffer.from(piece))
  split.end()
  return lines
}

test('lines end with LF or CRLF; empty ones are none; the last needs no end', () => {
  expect(linesOf(['one\ntwo\r\n\n  \nthree'])).toEqual([{ text: 'one' }, { text: 'two' }, { text: 'three' }])
})

test('however finely the input is cut, the lines are the same', () => {
  const text = 'Zoë\n東京 😀\r\nx\n\nlast'
  const whole = linesOf([text])
  fc.assert(
    fc.property(fc.array(fc.nat(Buffer.byteLength(text))), (cuts) => {
      const bytes = Buffer.from(text)
      const places = [0, ...cuts.sort((a, b) => a - b), bytes.length]
      const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index], end))
      expect(linesOf(pieces)).toEqual(whole)
    }),
  )
})

describe('a line that is too long', () => {
  const long = 'x'.repeat(1000)

  test('is counted and dropped to its end; the next one is read', () => {
    expect(linesOf([`a\n${long}`, long, `${long}\nb\n`])).toEqual([
      { text: 'a' },
      { dropped: 3000, id: undefined },
      { text: 'b' },
    ])
  })

  test('just fits where it is as long as may be', () => {
    expect(linesOf([`${'x'.repeat(100)}\n`])).toEqual([{ text: 'x'.repeat(100) }])
    expect(linesOf([`${'x'.repeat(101)}\n`])).toEqual([{ dropped: 101, id: undefined }])
  })

  test.each([
    [`{"method":"tools/call","params":{"arguments":{"did":"${long}"}},"jsonrpc":"2.0","id":7}`, 7],
    [`{"method":"tools/call","params":{"arguments":{"did":"${long}"}},"jsonrpc":"2.0","id": "a-7" }  `, 'a-7'],
    [`{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"did":"${long}"}}`, 7],
    [`{"jsonrpc":"2.0","method":"tools/call","id":"b","params":{"did":"${long}"}}`, 'b'],
    // Not the outermost object's.
    [`{"jsonrpc":"2.0","params":{"did":"${long}","id":7}}`, undefined],
    [`{"jsonrpc":"2.0","method":"x","params":{"id":7,"did":"${long}"}}`, undefined],
    [`{"did":"${long}","text":"\\",\\"id\\":7}`, undefined],
    [long, undefined],
  ])('the id of its request is read where it is sure: %#', (line, id) => {
    const pieces = line.match(/.{1,90}/gs) ?? []
    expect(linesOf([...pieces, '\n'])).toEqual([{ dropped: line.length, id }])
    expect(linesOf([`${line}\n`])).toEqual([{ dropped: line.length, id }])
  })
})
