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

test('a job that may write runs nothing that a package brings along', () => {
  const jobs = workflows.flatMap(({ file, text }) =>
    text
      .slice(text.search(/^jobs:$/m))
      .split(/^ {2}(?=[\w-]+:$)/m)
      .slice(1)
      .map((job) => ({ name: `${file} ${/^[\w-]+/.exec(job)?.[0]}`, job })),
  )
  const privileged = jobs.filter(({ job }) => /^ +[\w-]+: write$/m.test(job))
  expect(privileged.map(({ name }) => name)).toEqual(['release.yml npm', 'release.yml github'])
  for (const { job } of privileged) {
    expect(runsOf(job)).not.toEqual([])
    // Installing, npx and npm's own scripts start code of others; node starts what was checked out.
    expect(
      runsOf(job).filter((run) => /\b(npx|npm (exec|ci|i|install|run|test|pack)|yarn|pnpm|node)\b/.test(run)),
    ).toEqual([])
    expect(job).not.toMatch(/actions\/(checkout|cache)@/)
  }
  const publish = privileged.flatMap(({ job }) => runsOf(job)).filter((run) => run.includes('npm publish'))
  expect(publish).toEqual(['npm publish --ignore-scripts --provenance --access public ./tarball/*.tgz'])
})

test('what is released is built from packages whose install scripts did not run', () => {
  const release = workflows.find(({ file }) => file === 'release.yml')?.text ?? ''
  const npm = runsOf(release).filter((run) => /\bnpm (ci|i|install|pack)\b/.test(run))
  expect(npm).toEqual([
    'npm ci --ignore-scripts',
    'npm ci --ignore-scripts',
    'mkdir tarball && npm pack --ignore-scripts --pack-destination tarball',
  ])
})

/** The commands of a workflow or job, each `run:` as it stands. */
function runsOf(text: string): string[] {
  return [...text.matchAll(/^ +(?:- )?run: (.+)$/gm)].map(([, run = '']) => run)
}
