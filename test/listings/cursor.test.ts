import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { beginAt, InvalidCursor, longestCursor, openCursor, sealCursor } from '../../src/listings/cursor.ts'

const kind = {
  tool: 'getDIDs',
  query: z.strictObject({ npa: z.string().max(3).optional(), sms: z.boolean().optional() }),
  last: z.string().regex(/^\d{10}$/),
}
const cursor = { query: { npa: '435', sms: true }, limit: 25, last: '4355550124' }
const sealed = sealCursor('getDIDs', 'account-1', cursor)
const foreign = new InvalidCursor('This cursor was not made by getDIDs for this account, or was changed since.')

/** The parts of a cursor, changed, and put together again as it was. */
function forge(change: (parts: unknown[]) => unknown): string {
  const parts = JSON.parse(Buffer.from(sealed, 'base64url').toString()) as unknown[]
  return Buffer.from(JSON.stringify(change(parts))).toString('base64url')
}

test('a cursor gives back what was put into it, in another process as well', () => {
  expect(openCursor(kind, 'account-1', sealed)).toEqual(cursor)
  expect(sealCursor('getDIDs', 'account-1', cursor)).toBe(sealed)
  expect(sealed.length).toBeLessThan(100)
})

describe('refused', () => {
  test.each([
    ['nothing', ''],
    ['no base64', '?'],
    ['no JSON', Buffer.from('[').toString('base64url')],
    ['other JSON', Buffer.from('{"last":"4355550124"}').toString('base64url')],
    ['another number', forge(([query, limit, , sum]) => [query, limit, '4355550199', sum])],
    ['another query', forge(([, limit, last, sum]) => [{ npa: '212' }, limit, last, sum])],
    ['another limit', forge(([query, , last, sum]) => [query, 500, last, sum])],
    ['no checksum', forge((parts) => parts.slice(0, 3))],
    ['one part more', forge((parts) => [...parts, 1])],
    ['the other account', sealCursor('getDIDs', 'account-2', cursor)],
    ['the other tool', sealCursor('getDIDCount', 'account-1', cursor)],
    ['a limit out of bounds', sealCursor('getDIDs', 'account-1', { ...cursor, limit: 501 })],
    ['an unknown key', sealCursor('getDIDs', 'account-1', { ...cursor, query: { npa: '435', login: 'x' } })],
    ['no number', sealCursor('getDIDs', 'account-1', { ...cursor, last: "1' or '1" })],
    ['too long', sealCursor('getDIDs', 'account-1', { ...cursor, last: 'x'.repeat(longestCursor) })],
    ['prototypes', Buffer.from('[{"__proto__":{"npa":"435"}},25,"4355550124","x"]').toString('base64url')],
  ])('%s', (_name, text) => {
    expect(() => openCursor(kind, 'account-1', text)).toThrow(foreign)
  })

  test('any text at all, and by no other error', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String(),
          fc.json().map((json) => Buffer.from(json).toString('base64url')),
        ),
        (text) => {
          expect(() => openCursor(kind, 'account-1', text)).toThrow(foreign)
        },
      ),
    )
  })
})

describe('where a call begins', () => {
  test('without a cursor at its arguments', () => {
    expect(beginAt(kind, 'account-1', { query: { npa: '435' } }, 25)).toEqual({
      query: { npa: '435' },
      limit: 25,
      last: undefined,
    })
  })

  test('with a cursor alone where that ended, with its limit unless another is given', () => {
    expect(beginAt(kind, 'account-1', { query: {}, cursor: sealed }, 50)).toEqual(cursor)
    expect(beginAt(kind, 'account-1', { query: {}, cursor: sealed, limit: 3 }, 50)).toEqual({ ...cursor, limit: 3 })
  })

  test('with the same arguments beside the cursor, in any order', () => {
    expect(beginAt(kind, 'account-1', { query: { sms: true, npa: '435' }, cursor: sealed }, 50)).toEqual(cursor)
  })

  test.each([{ npa: '435' }, { npa: '212', sms: true }, { sms: true }])('not with others: %j', (query) => {
    expect(() => beginAt(kind, 'account-1', { query, cursor: sealed }, 50)).toThrow(
      new InvalidCursor('This cursor belongs to other arguments than those given beside it.'),
    )
  })
})
