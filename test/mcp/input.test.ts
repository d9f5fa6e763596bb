import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseInput } from '../../src/mcp/input.ts'
import { Refusal } from '../../src/operations/refusal.ts'
import { tools } from '../../src/tools/index.ts'
import { openStage, textOf } from '../support/stage.ts'

/** Keys that a program may take for its own: of a text, a list, an object, a promise or its prototype. */
const hostileKeys = ['length', 'toString', 'valueOf', 'constructor', '__proto__', 'prototype', 'then', 'size', 'toJSON']

const { value: hostile } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(
      null,
      true,
      0,
      -1,
      1.5,
      1e308,
      '',
      '4352154006',
      '435-215-4006',
      'x'.repeat(300),
      '\u202e',
    ),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.array(tie('value'), { maxLength: 3 }),
    objectOf(fc.constantFrom(...hostileKeys), tie('value')),
    objectOf(fc.constantFrom('tn', 'epg', 'cnam', 'refId', ...hostileKeys), tie('value')),
  ),
}))

/** As JSON makes it: `__proto__` is a key like any other. */
function objectOf(key: fc.Arbitrary<string>, value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .array(fc.tuple(key, value), { maxLength: 3 })
    .map((pairs) => JSON.parse(`{${pairs.map(([name, inner]) => `${JSON.stringify(name)}:${JSON.stringify(inner)}`)}}`))
}

describe.each(tools.map((tool) => [tool.name, tool] as const))('%s', (_name, tool) => {
  const names = Object.keys(tool.input.shape)

  test('takes arguments of any shape for what they are, or says what is wrong with them', () => {
    const args = objectOf(fc.constantFrom(...names, ...hostileKeys), hostile)
    fc.assert(
      fc.property(args, (given) => {
        try {
          parseInput(tool, given)
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal)
          expect(error).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining(`${tool.name}: `) })
          expect((error as Refusal).message).not.toMatch(/[\p{Cc}\u202e]|as expected|undefined|NaN/u)
        }
      }),
      { numRuns: 300 },
    )
  })

  test.each(names)('%s that only looks like a text or a list is named', (name) => {
    for (const odd of [
      { length: { toString: 1 } },
      { length: 3 },
      { size: { valueOf: 1 } },
      [{ length: { toString: 1 } }],
    ]) {
      expect(() => parseInput(tool, { [name]: odd })).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
      try {
        parseInput(tool, { [name]: odd })
      } catch (error) {
        expect((error as Refusal).message).toContain(name)
      }
    }
  })
})

test('a write whose reason is no text is refused, and nothing was changed', async () => {
  const stage = await openStage()
  const args = { didParams: ['3035550150'], reason: { length: { toString: 1 } } }
  const result = await stage.call('releaseDID', args)
  await stage.close()
  expect(result).toMatchObject({
    isError: true,
    _meta: { 'did-mcp/error': { code: 'INVALID_INPUT', retryable: false } },
  })
  const text = textOf(result)
  expect(text).toContain('reason cannot be read: an object stands where a text or a list is expected')
  expect(text).toContain('Nothing was changed at the carrier.')
})
