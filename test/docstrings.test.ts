import { expect, test } from 'vitest'
import { leaningIn } from '../scripts/check-docstrings.mjs'

test('a docstring that does not begin with its subject is found, with its line', () => {
  const text = [
    '/** Of those that are whole. */',
    'const a = 1',
    '/**',
    ' * As it was met last.',
    ' */',
    'const b = 2',
    '/** */',
    'const c = 3',
    'interface D { /** For a person. */ e: string }',
  ].join('\n')
  expect(leaningIn(text)).toEqual([
    { line: 1, said: 'Of those that are whole.' },
    { line: 3, said: 'As it was met last.' },
    { line: 7, said: '' },
    { line: 9, said: 'For a person.' },
  ])
})

test('one that does is none, and neither is a comment of another kind', () => {
  const text = [
    '/** The pace as it was met last. */',
    '/** Reads a number. For a person. */',
    '/**',
    ' * Whether a number is ours.',
    ' */',
    '// Of those that are whole.',
    '/* As it was. */',
    '/**/',
    "const glob = 'src/**/*.ts'",
  ].join('\n')
  expect(leaningIn(text)).toEqual([])
})
