import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const home = fileURLToPath(new URL('..', import.meta.url))

let house: string

beforeEach(() => {
  house = mkdtempSync(join(tmpdir(), 'did-mcp-laws-'))
})

afterEach(() => {
  rmSync(house, { recursive: true })
})

/** Where only reading belongs: behind this line of the file, a write through what is at hand there. */
const plants = [
  {
    file: 'src/listings/snapshot.ts',
    behind: 'function account(carrier: CarrierReads): Listing<Did> {',
    carrier: 'carrier',
  },
  { file: 'src/mcp/call.ts', behind: '  const { signal } = context', carrier: 'options.sources.carrier' },
  { file: 'src/operations/settle.ts', behind: '  const absent = new Set(tns)', carrier: 'carrier' },
  { file: 'src/operations/survey.ts', behind: '  const { pace } = door', carrier: 'door.carrier' },
  { file: 'src/tools/query-did.ts', behind: '  async read(args, context) {', carrier: 'context.carrier' },
]

test('a write planted where only reading belongs does not compile; the same files without it do', () => {
  const copies = plants.flatMap(({ file, behind, carrier }) => [
    { file, under: 'without', text: textOf(file) },
    {
      file,
      under: 'with',
      text: after(textOf(file), behind, `  void ${carrier}.releaseDID([{ tn: '4355550142' }], {})`),
    },
  ])
  expect(compile(copies)).toEqual(
    plants.map(({ file }) => `with/${file}: Property 'releaseDID' does not exist on type 'CarrierReads'.`),
  )
})

test('the pipeline knows no write by its name, and nothing of what is asked of a number', () => {
  const files = readdirSync(join(home, 'src/operations'))
    .filter((file) => file.endsWith('.ts') && file !== 'writes.ts')
    .map((file) => `src/operations/${file}`)
  expect(files.length).toBeGreaterThan(15)
  const own =
    /\b(?:reserve|assign|config|release)(?:DID)?s?\b|\b(?:reserved|assigned|released|reconfigured)\b|\b(?:epg|cnam|cnamName|refId)\b/
  const found = files.flatMap((file) =>
    textOf(file)
      .split('\n')
      .flatMap((line, at) => (own.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : [])),
  )
  expect(found).toEqual([])
})

const textOf = (file: string): string => readFileSync(join(home, file), 'utf8')

function after(text: string, line: string, planted: string): string {
  const parts = text.split(`\n${line}\n`)
  if (parts.length !== 2) throw new Error(`the line to plant behind stands ${parts.length - 1} times: ${line}`)
  return parts.join(`\n${line}\n${planted}\n`)
}

/** What the compiler says of these files, each as if it stood in its place in the house; a line each. */
function compile(files: readonly { file: string; under: string; text: string }[]): string[] {
  for (const { file, under, text } of files) {
    const path = join(house, under, file)
    mkdirSync(dirname(path), { recursive: true })
    // What it imports is the house's own.
    const absolute = (near: string) => resolve(dirname(join(home, file)), near)
    writeFileSync(path, text.replace(/(?<=')\.{1,2}\/[^'\n]+(?=')/g, absolute))
  }
  const compilerOptions = { rootDir: '/', skipLibCheck: true, typeRoots: [join(home, 'node_modules/@types')] }
  const project = {
    extends: join(home, 'tsconfig.json'),
    compilerOptions,
    include: ['with', 'without', join(home, 'src/ambient.d.ts')],
  }
  writeFileSync(join(house, 'tsconfig.json'), JSON.stringify(project))
  writeFileSync(join(house, 'package.json'), '{ "type": "module" }')
  symlinkSync(join(home, 'node_modules'), join(house, 'node_modules'))
  const { stdout } = spawnSync(join(home, 'node_modules/.bin/tsc'), ['--project', house, '--pretty', 'false'], {
    cwd: house,
  })
  rmSync(join(house, 'node_modules'))
  const lines = String(stdout).trim().split('\n').filter(Boolean)
  return lines.map((line) => line.replace(/^(?<file>[^(]+)\(\d+,\d+\): error TS\d+: /, '$<file>: ')).sort()
}
