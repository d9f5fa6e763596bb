import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { outcomes } from '../../src/carrier/outcomes.ts'

/** Every page that is for people, wherever it lies. */
const pages = ['.', 'docs', 'docs/decisions'].flatMap((folder) =>
  readdirSync(folder).flatMap((name) => (name.endsWith('.md') ? [posix.join(folder, name)] : [])),
)

/** A tool that CONTRIBUTING.md makes up to show how one is added. */
const madeUp = ['src/tools/explain-code.ts']

test('every page is looked at', () => {
  const expected = ['AGENTS.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'README.md', 'SECURITY.md', 'docs/architecture.md']
  expect(pages).toEqual(expect.arrayContaining([...expected, 'docs/decisions/libraries.md']))
})

describe.each(pages)('%s', (page) => {
  const text = readFileSync(page, 'utf8')

  test('links to pages and headings that are there', () => {
    const broken = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)].flatMap(([, path = '', anchor]) => {
      const file = path === '' ? page : posix.join(posix.dirname(page), path)
      if (!existsSync(file)) return [path]
      return anchor === undefined || anchors(readFileSync(file, 'utf8')).includes(anchor) ? [] : [`${path}#${anchor}`]
    })
    expect(broken).toEqual([])
  })

  test('names files and rooms of the source that are there', () => {
    const named = [...text.matchAll(/`((?:src\/)?[a-z-]+(?:\/[a-z0-9-]+)*(?:\.ts|\/))`/g)].map(([, path = '']) => path)
    const ours = named.filter((path) => path.endsWith('.ts') || existsSync(`src/${path.split('/')[0]}`))
    const missing = ours.filter((path) => !existsSync(path) && !existsSync(`src/${path}`))
    expect(missing.filter((path) => !madeUp.includes(path))).toEqual([])
  })
})

test('the carrier’s page has every code that is known, with what it is judged to mean', () => {
  const carrier = readFileSync('docs/carrier.md', 'utf8')
  const sets = { all: 900, 'all but releaseDID': 100, reads: 101, writes: 948, '911': 941 }
  const namesOf = (code: number) => outcomes.find((row) => row.code === code)?.operations.join(', ')
  const called = new Map(Object.entries(sets).map(([name, code]) => [namesOf(code), name]))
  const operations = (names: readonly string[]) => called.get(names.join(', ')) ?? names.join(', ')
  const rows = outcomes.map(
    (row) => `| ${row.code} | ${operations(row.operations)} | ${row.meaning} | ${row.outcome} |`,
  )
  expect(carrier.match(/^\| \d+ \|.+$/gm)).toEqual(rows)
})

/** As GitHub makes them of headings. */
function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  )
}
