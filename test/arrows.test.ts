import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const home = fileURLToPath(new URL('..', import.meta.url))

let house: string

beforeEach(() => {
  house = mkdtempSync(join(tmpdir(), 'did-mcp-arrows-'))
})

afterEach(() => {
  rmSync(house, { recursive: true })
})

test('the real house passes', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`${home}scripts/check-arrows.mjs`])
  expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: '' })
  expect(String(stdout)).toMatch(/^[1-9][0-9]* imports in [1-9][0-9]* files, each as the rooms allow\n$/)
})

test('one arrow upward from each room is found', () => {
  const answer = checkArrows({
    'src/carrier/soap/client.ts': "import { decide } from '../../policy/decide.ts'",
    'src/config/machine.ts': "import { builtIn } from '../carrier/carrier.ts'",
    'src/config/read-config.ts': "import { createLogger } from '../log.ts'",
    'src/journal/database.ts': "import type { Account } from '../carrier/carrier.ts'",
    'src/listings/snapshot.ts': "import { wsdl } from '../carrier/soap/wsdl.ts'",
    'src/log.ts': "import type { Env } from './config/variables.ts'",
    'src/main.ts': "import { readConfig } from './config/read-config.ts'",
    'src/mcp/face.ts': "import { createLogger } from '../log.ts'",
    'src/operations/perform.ts': "import { render } from '../mcp/render.ts'",
    'src/policy/policy.ts': "import type { Did } from '../carrier/carrier.ts'",
    'src/sandbox/service.ts': "import { outcomes } from '../carrier/outcomes.ts'",
    'src/tools/config-did.ts': "import { perform } from '../operations/perform.ts'",
    'src/tools/get-dids.ts': "import { Refusal } from '../operations/refusal.ts'",
    'src/tools/release-did.ts': "import { createLogger } from '../log.ts'",
    'src/transports/stdio.ts': "import { createFace } from '../mcp/face.ts'",
    'src/commands/stdio.ts': "import '../main.ts'",
  })
  expect(answer).toEqual({
    status: 1,
    lines: [
      'src/carrier/soap/client.ts:1: carrier/ may not import policy/decide.ts',
      'src/commands/stdio.ts:1: commands/ may not import main.ts',
      'src/config/machine.ts:1: config/ may not import carrier/carrier.ts',
      'src/config/read-config.ts:1: config/ may not import log.ts',
      'src/journal/database.ts:1: journal/ may not import carrier/carrier.ts',
      'src/listings/snapshot.ts:1: listings/ may not import carrier/soap/wsdl.ts',
      'src/log.ts:1: log.ts may not import config/variables.ts',
      'src/main.ts:1: main.ts may not import config/read-config.ts',
      'src/mcp/face.ts:1: mcp/ may not import log.ts',
      'src/operations/perform.ts:1: operations/ may not import mcp/render.ts',
      'src/policy/policy.ts:1: policy/ may not import carrier/carrier.ts',
      'src/sandbox/service.ts:1: sandbox/ may not import carrier/outcomes.ts',
      'src/tools/config-did.ts:1: tools/ may not import operations/perform.ts',
      'src/tools/release-did.ts:1: tools/ may not import log.ts',
      'src/transports/stdio.ts:1: transports/ may not import mcp/face.ts',
    ],
  })
})

test('a command is known to whoever picks one alone, and the wiring to commands', () => {
  const answer = checkArrows({
    'src/app/open-patient.ts': "import type { Patient } from '../doctor/patient.ts'\nimport { whoAmI } from './who.ts'",
    'src/commands/demo.ts': "import { audit } from './audit.ts'\nimport { cut } from './demo/demo-answer.ts'",
    'src/commands/parse.ts': "import { demo } from './demo.ts'",
    'src/doctor/check-journal.ts': "import { openJournal } from '../app/open-journal.ts'",
    'src/doctor/check-policy.ts': "import { tools } from '../tools/index.ts'",
    'src/main.ts': "import { parse } from './commands/parse.ts'",
    'src/terminal/table.ts': "import type { Account } from '../domain/account.ts'",
  })
  expect(answer).toEqual({
    status: 1,
    lines: [
      'src/commands/demo.ts:1: commands/ may not import commands/audit.ts',
      'src/doctor/check-journal.ts:1: doctor/ may not import app/open-journal.ts',
      'src/doctor/check-policy.ts:1: doctor/ may not import tools/index.ts',
      'src/terminal/table.ts:1: terminal/ may not import domain/account.ts',
    ],
  })
})

test('an arrow is found in whatever syntax it is drawn', () => {
  const answer = checkArrows({
    'src/carrier/carrier.ts': [
      "import { a } from '../mcp/a.ts'",
      "import type { B } from '../mcp/b.ts'",
      "import '../mcp/c.ts'",
      "export { d } from '../mcp/d.ts'",
      "export type { E } from '../mcp/e.ts'",
      "export * from './../mcp/f.ts'",
      "const g = await import('../mcp/g.ts')",
      'const h = await import(`../mcp/h.ts`)',
      "let i: import('../mcp/i.ts').I",
      "const j = createRequire(import.meta.url)('../mcp/j.ts')",
      "const k = await import('..' + '/mcp/k.ts')",
      'const l = await import(name)',
      'import {',
      '  m,',
      "} from '../mcp/m.ts'",
    ].join('\n'),
  })
  const named = [...'abcdefghij'].map(
    (letter, at) => `src/carrier/carrier.ts:${at + 1}: carrier/ may not import mcp/${letter}.ts`,
  )
  expect(answer).toEqual({
    status: 1,
    lines: [
      ...named,
      'src/carrier/carrier.ts:15: carrier/ may not import mcp/m.ts',
      'src/carrier/carrier.ts:11: an import whose target is computed cannot be judged',
      'src/carrier/carrier.ts:12: an import whose target is computed cannot be judged',
    ],
  })
})

test('a circle is found, inside a room too', () => {
  const answer = checkArrows({
    'src/journal/a.ts': "import { b } from './b.ts'",
    'src/journal/b.ts': "import type { C } from './c.ts'\nimport { d } from './d.ts'",
    'src/journal/c.ts': "export type C = ReturnType<typeof import('./a.ts').a>",
    'src/journal/d.ts': 'export const d = 1',
  })
  expect(answer).toEqual({
    status: 1,
    lines: ['src/journal/a.ts -> journal/b.ts -> journal/c.ts -> journal/a.ts: a circle of imports'],
  })
})

test('packages stay in their rooms, and the policy is pure', () => {
  const answer = checkArrows({
    'src/carrier/soap/client.ts': "import * as soap from 'soap'",
    'src/transports/client.ts': "import { Client } from '@modelcontextprotocol/sdk/client/index.js'",
    'src/commands/demo.ts': "import { Client } from '@modelcontextprotocol/sdk/client/index.js'",
    'src/main.ts': "const { Command } = await import('commander')",
    'src/journal/sqlite.ts': "const { Kysely } = await import('kysely')",
    'src/mcp/call.ts': "import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'",
    'src/mcp/face.ts': "import type { Client } from 'soap'",
    'src/mcp/legacy.ts': "import { Server } from '@modelcontextprotocol/sdk/server/index.js'",
    'src/operations/perform.ts': "import { Server } from '@modelcontextprotocol/sdk/server/index.js'",
    'src/policy/file.ts': "import { z } from 'zod'\nimport { readFileSync } from 'node:fs'",
    'src/tools/audit.ts': "let pool: import('pg').Pool\nconst { pino } = createRequire(import.meta.url)('pino')",
  })
  expect(answer).toEqual({
    status: 1,
    lines: [
      'src/commands/demo.ts:1: commands/ may not import @modelcontextprotocol/sdk/client/index.js',
      'src/main.ts:1: main.ts may not import commander',
      'src/mcp/call.ts:1: mcp/ may not import @modelcontextprotocol/sdk/types.js',
      'src/mcp/face.ts:1: mcp/ may not import soap',
      'src/operations/perform.ts:1: operations/ may not import @modelcontextprotocol/sdk/server/index.js',
      'src/policy/file.ts:2: policy/ may not import node:fs',
      'src/tools/audit.ts:1: tools/ may not import pg',
      'src/tools/audit.ts:2: tools/ may not import pino',
      'src/transports/client.ts:1: transports/ may not import @modelcontextprotocol/sdk/client/index.js',
    ],
  })
})

test('an overfull room fails, an overfull catalogue does not', () => {
  const many = (room: string) => Array.from({ length: 33 }, (_, at) => [`src/${room}/file-${at}.ts`, ''])
  expect(checkArrows(Object.fromEntries([...many('policy'), ...many('tools'), ...many('operations/writes')]))).toEqual({
    status: 1,
    lines: ['src/policy/: 33 files, and a room has at most 32', `no imports found under ${house}/src`],
  })
})

test('a file in no room, and a house without imports, fail', () => {
  expect(checkArrows({ 'src/utils/strings.ts': '' })).toEqual({
    status: 1,
    lines: ['src/utils/strings.ts: lies in no room', `no imports found under ${house}/src`],
  })
})

test('only commands print', () => {
  const prints = [
    "import { writeSync } from 'node:fs'",
    "import { stdout as out } from 'node:process'",
    'export function print() {',
    "  process.stdout.write('1')",
    "  globalThis.process.stdout.write('2')",
    "  writeSync(1, '3')",
    '  const { stdout } = process',
    "  stdout.write('4')",
    "  out.write('5')",
    '  console.log(6)',
    '}',
  ].join('\n')
  expect(lint({ 'src/mcp/print.ts': prints, 'src/commands/print.ts': prints })).toEqual([
    'src/mcp/print.ts:2 lint/style/noRestrictedImports',
    'src/mcp/print.ts:4 plugin',
    'src/mcp/print.ts:5 plugin',
    'src/mcp/print.ts:6 plugin',
    'src/mcp/print.ts:7 plugin',
    'src/mcp/print.ts:10 lint/suspicious/noConsole',
  ])
})

function checkArrows(files: Record<string, string>): { status: number | null; lines: string[] } {
  build(files)
  const { status, stderr } = spawnSync(process.execPath, [`${home}scripts/check-arrows.mjs`, house])
  return { status, lines: String(stderr).trimEnd().split('\n') }
}

/** Where biome finds fault, under the house rules of biome.json. */
function lint(files: Record<string, string>): string[] {
  build(files)
  cpSync(`${home}biome.json`, join(house, 'biome.json'))
  cpSync(`${home}scripts/stdout.grit`, join(house, 'scripts/stdout.grit'))
  const { stdout, stderr } = spawnSync(
    `${home}node_modules/.bin/biome`,
    ['lint', '--vcs-enabled=false', '--reporter=github', '--max-diagnostics=none', 'src'],
    { cwd: house },
  )
  const found = [...`${stdout}${stderr}`.matchAll(/title=([^,]+),file=([^,]+),line=([0-9]+)/g)]
  return found
    .map(([, title, file, line]) => ({ text: `${relative(house, file ?? '')}:${line} ${title}`, line: Number(line) }))
    .sort((a, b) => a.line - b.line)
    .map(({ text }) => text)
}

function build(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(house, name)), { recursive: true })
    writeFileSync(join(house, name), text)
  }
}
