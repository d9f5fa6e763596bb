import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { sourceStack } from '../src/stack.ts'

const bundle = pathToFileURL('dist/main.js').href

/** Where a text begins in a file: line and column as a stack counts them, from 1. */
function placeIn(file: string, text: string): string {
  const before = readFileSync(file, 'utf8').split(text)[0] ?? ''
  const lines = before.split('\n')
  return `${lines.length}:${(lines.at(-1) ?? '').length + 1}`
}

test('a place in the bundle is told as the line of the source that it was made from', () => {
  const stack = `Error: no\n    at main (${bundle}:${placeIn('dist/main.js', 'process.exit(')})\n    at node:internal/process:1:2`
  expect(sourceStack(stack)).toBe(
    `Error: no\n    at main (src/main.ts:${placeIn('src/main.ts', 'process.exit(')})\n    at node:internal/process:1:2`,
  )
})

test('a place that no map knows, and words that only look like one, stay as they are', () => {
  const stack = `Error: file:///nowhere/main.js:1:1\n    at x (/home/me/main.js:1:1)`
  expect(sourceStack(stack)).toBe(stack)
})
