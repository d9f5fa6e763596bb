import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { withTables } from './support/readme-tables.ts'

const readme = readFileSync('README.md', 'utf8')
const scripts: Record<string, string> = JSON.parse(readFileSync('package.json', 'utf8')).scripts

describe('the README', () => {
  test('has the tables that the code has now (node scripts/readme-tables.mjs writes them)', () => {
    expect(readme).toBe(withTables(readme))
  })

  test('prints two commands that package.json knows', () => {
    const commands = readme.match(/^npm ci && npm .+$/gm)
    expect(commands).toEqual(['npm ci && npm run demo', 'npm ci && npm test'])
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['demo', 'test', 'prepare', 'check']))
  })
})
