import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

let house: string

beforeEach(() => {
  house = mkdtempSync(join(tmpdir(), 'did-mcp-names-'))
})

afterEach(() => {
  rmSync(house, { recursive: true })
})

test('in the real house each name stands for one thing', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/check-names.mjs'])
  expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: '' })
  expect(String(stdout)).toMatch(/^[1-9][0-9]* types in [1-9][0-9]* files, each name for one thing\n$/)
})

test('a type that stands twice is found, however it is declared', () => {
  const answer = checkNames({
    'src/journal/a.ts': 'export interface Used {\n  held: number\n}\ntype Mark = string',
    'src/policy/b.ts': 'interface Used {\n  held: number\n}\nabstract class Mark {}\nconst Once = 1',
    'src/tools/c.ts': 'export type Used<Of> = Of\nexport class Once {}',
  })
  expect(answer).toEqual({
    status: 1,
    lines: [
      'the type Used stands for 3 things: src/journal/a.ts, src/policy/b.ts, src/tools/c.ts',
      'the type Mark stands for 2 things: src/journal/a.ts, src/policy/b.ts',
    ],
  })
})

test('a base name that stands twice is found', () => {
  expect(checkNames({ 'src/tools/envelope.ts': 'type A = 1', 'src/operations/envelope.ts': '' })).toEqual({
    status: 1,
    lines: ['the base name envelope.ts stands for 2 things: src/operations/envelope.ts, src/tools/envelope.ts'],
  })
})

test('the engines of the journal may be alike, and nobody else', () => {
  const twins = { 'src/journal/sqlite/owner.ts': 'type Owner = 1', 'src/journal/postgres/owner.ts': 'type Owner = 2' }
  expect(checkNames(twins).status).toBe(0)
  expect(checkNames({ 'src/journal/owner.ts': 'type Owner = 3' }).lines).toHaveLength(2)
  rmSync(join(house, 'src'), { recursive: true })
  const one = 'src/journal/sqlite/owner.ts'
  expect(checkNames({ [one]: 'type Owner = 1', 'src/journal/sqlite/folder.ts': 'type Owner = 2' }).status).toBe(1)
})

test('a house without types fails', () => {
  expect(checkNames({ 'src/a.ts': '' })).toEqual({ status: 1, lines: [`no types found under ${house}/src`] })
})

function checkNames(files: Record<string, string>): { status: number | null; lines: string[] } {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(house, name)), { recursive: true })
    writeFileSync(join(house, name), text)
  }
  const { status, stderr } = spawnSync(process.execPath, ['scripts/check-names.mjs', house])
  return { status, lines: String(stderr).trimEnd().split('\n') }
}
