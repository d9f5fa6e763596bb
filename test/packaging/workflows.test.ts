import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const folder = '.github/workflows'
const workflows = readdirSync(folder).map((file) => ({ file, text: readFileSync(`${folder}/${file}`, 'utf8') }))
const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync('package.json', 'utf8'))

test('every action is pinned by its commit, with its version beside it', () => {
  const uses = workflows.flatMap(({ file, text }) =>
    text.split('\n').flatMap((line, index) => (/\buses:/.test(line) ? [`${file}:${index + 1}:${line}`] : [])),
  )
  expect(uses.length).toBeGreaterThan(5)
  const others = uses.filter((line) => !line.endsWith('uses: ./.github/workflows/ci.yml'))
  expect(others.filter((line) => !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([])
})

test('what they run is there', () => {
  const runs = workflows.flatMap(({ text }) =>
    [...text.matchAll(/npm run ([\w:]+)/g)].map(([, script]) => script ?? ''),
  )
  expect(runs).toContain('test:crash')
  expect(runs.filter((script) => !(script in scripts))).toEqual([])
})

test('nobody may write more than the job needs', () => {
  for (const { text } of workflows) expect(text).toMatch(/^permissions:\n {2}contents: read$/m)
  const rights = workflows.flatMap(({ file, text }) =>
    [...text.matchAll(/^ +([\w-]+): write$/gm)].map(([, right]) => `${file} ${right}`),
  )
  expect(rights).toEqual(['release.yml id-token', 'release.yml contents'])
})
