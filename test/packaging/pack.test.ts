import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { beforeAll, expect, test } from 'vitest'

/** What npm would publish, beside the program's own chunks. */
const files = [
  'LICENSE',
  'README.md',
  'dist/NOTICES.txt',
  'dist/main.js',
  'dist/main.js.map',
  ...readdirSync('docs/policies').map((name) => `docs/policies/${name}`),
  'package.json',
  'policy.schema.json',
  'schemas/cli.json',
]

interface Packed {
  name: string
  version: string
  files: { path: string; mode: number }[]
}

let packed: Packed
beforeAll(() => {
  const words = ['pack', '--dry-run', '--ignore-scripts', '--json', '--loglevel=error']
  // npm is a script on Windows, and starts through a shell there alone.
  const answer = execFileSync('npm', words, { encoding: 'utf8', shell: process.platform === 'win32' })
  const [only]: Packed[] = JSON.parse(answer)
  if (only === undefined) throw new Error('npm packs nothing')
  packed = only
})

test('the package holds the program, what it is under, and nothing else', () => {
  const paths = packed.files.map(({ path }) => path)
  expect(paths.filter((path) => !/^dist\/chunks\/[\w-]+-[A-Z0-9]{8}\.js(\.map)?$/.test(path)).sort()).toEqual(files)
})

test('each chunk is one that the program loads, and each that it loads is there', () => {
  const inChunks = packed.files.map(({ path }) => path).filter((path) => path.startsWith('dist/chunks/'))
  const chunks = inChunks.filter((path) => path.endsWith('.js'))
  const maps = inChunks.filter((path) => path.endsWith('.map'))
  expect(maps.sort()).toEqual(chunks.map((path) => `${path}.map`).sort())
  const loaded = loadedFrom('dist/main.js')
  loaded.delete('dist/main.js')
  expect(chunks.sort()).toEqual([...loaded].sort())
  expect(chunks.length).toBeGreaterThan(10)
})

test('the program can be run, where a system has such rights', () => {
  const main = packed.files.find(({ path }) => path === 'dist/main.js')
  expect(readFileSync('dist/main.js', 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
  if (process.platform !== 'win32') expect((main?.mode ?? 0) & 0o111).toBe(0o111)
})

/** A file of the bundle, and all that it imports, at its start or later. */
function loadedFrom(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found
  found.add(file)
  const text = readFileSync(file, 'utf8')
  for (const [, target = ''] of text.matchAll(/(?:\bfrom|\bimport\(?)\s*"(\.{1,2}\/[^"]+\.js)"/g)) {
    loadedFrom(posix.join(posix.dirname(file), target), found)
  }
  return found
}
