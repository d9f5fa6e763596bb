import { expect, test } from 'vitest'
import { grouped } from '../../src/domain/grouped.ts'

test('items come by key, and in the order in which they came', () => {
  const groups = grouped(['b1', 'a1', 'b2', 'a2', 'c1'], (item) => item.charAt(0))
  expect([...groups]).toEqual([
    ['b', ['b1', 'b2']],
    ['a', ['a1', 'a2']],
    ['c', ['c1']],
  ])
})
