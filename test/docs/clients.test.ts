import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { clients, columns, notRun } from '../../scripts/matrix-clients.mjs'

const page = readFileSync('docs/clients.md', 'utf8')
const matrix = /<!-- matrix -->\n([\s\S]*?)<!-- \/matrix -->/.exec(page)?.[1] ?? ''
const cells = (line: string) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, ''))

test('the matrix has the rows and columns that its command tries, each cell filled, and names what it does not run', () => {
  const [head = '', , ...rows] = matrix.split('\n').filter((line) => line.startsWith('|'))
  expect(cells(head)).toEqual(['client', 'version', ...Object.values(columns)])
  const versions = clients.map(({ name, packages }) => [name, packages.map((one) => `\`${one}\``).join(', ') || 'none'])
  expect(rows.map((line) => cells(line).slice(0, 2))).toEqual(versions)
  for (const line of rows)
    expect(cells(line).filter((cell) => cell !== '')).toHaveLength(2 + Object.keys(columns).length)
  expect(matrix).toContain('npm run clients:matrix')
  for (const [name, why] of Object.entries(notRun)) expect(matrix).toContain(`- ${name}: ${why}\n`)
})

test('a frame that we write ourselves is read in every form', () => {
  const lines = matrix.split('\n').filter((line) => line.startsWith('| frames written'))
  expect(lines).toHaveLength(1)
  expect(cells(lines[0] ?? '').filter((cell) => cell === 'read')).toHaveLength(5)
})
