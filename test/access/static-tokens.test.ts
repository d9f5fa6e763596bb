import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { readTokens, staticTokens } from '../../src/access/static-tokens.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const entry = (token: string, name: string, scopes = ['did:read']) => ({ sha256: sha256(token), name, scopes })

/** A file that a test changes. */
function file(content: unknown) {
  const state = { text: JSON.stringify(content), stamp: '1', open: false }
  return { state, read: () => state.text, stamp: () => state.stamp, open: () => state.open }
}

test('a token is known by its hash, and read anew when the file changed', async () => {
  const tokens = file([entry('first', 'agent'), entry('second', 'writer', ['did:read', 'did:write'])])
  const warnings: string[] = []
  const recognize = staticTokens(tokens, (problem) => warnings.push(problem))
  expect(await recognize('first')).toEqual({ name: 'token:agent', scopes: new Set(['did:read']) })
  expect(await recognize('second')).toMatchObject({ scopes: new Set(['did:read', 'did:write']) })
  expect(await recognize(sha256('first'))).toBeUndefined()
  Object.assign(tokens.state, { text: JSON.stringify([entry('third', 'agent')]), stamp: '2' })
  expect(await recognize('first')).toBeUndefined()
  expect(await recognize('third')).toBeDefined()
  Object.assign(tokens.state, { open: true, stamp: '3' })
  expect([await recognize('third'), await recognize('third')]).toEqual([undefined, undefined])
  expect(warnings).toEqual([expect.stringMatching(/chmod 600/)])
  Object.assign(tokens.state, { open: false, stamp: '4' })
  expect(await recognize('third')).toBeDefined()
})

test.each([
  [{}, /must be a list/],
  [[1], /entry 1: it must be an object/],
  [[entry('a', 'x'), { ...entry('b', 'y'), token: 'b' }], /entry 2: unknown key "token"/],
  [[{ ...entry('a', 'x'), sha256: 'secret' }], /sha256/],
  [[entry('a', 'a b')], /name/],
  [[entry('a', 'x', ['did:approve'])], /scopes/],
  [[entry('a', 'x', [])], /scopes/],
  [[entry('a', 'x'), entry('a', 'y')], /token:y stands twice/],
])('%j is no list of tokens', (content, problem) => {
  const read = readTokens(file(content))
  expect(read).toEqual({ problem: expect.stringMatching(problem) })
  expect(JSON.stringify(read)).not.toMatch(/[0-9a-f]{64}/)
})
