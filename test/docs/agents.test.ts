import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const agents = readFileSync('AGENTS.md', 'utf8')

test('the map is one page: it is read at the start of every session, and paid for', () => {
  expect(agents.trimEnd().split('\n').length).toBeLessThanOrEqual(66)
})

test('the map names commands that are there', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
  const named = [...agents.matchAll(/`(?:npm run )?([a-z]+:[a-z-]+|check|demo)`|`npm run ([a-z:-]+)`/g)]
  const names = named.map(([, one, other]) => one ?? other ?? '')
  expect(names).toContain('write:policy-schema')
  expect(names.filter((name) => !(name in scripts))).toEqual([])
})
