import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../support/folder.ts'
import { initialize, start } from '../support/program.ts'

/** The built program where npm left out SQLite's engine (`--omit=optional`, or another platform's bundle). */
function installedWithout(): string {
  const folder = temporaryFolder()
  cpSync('dist', join(folder, 'dist'), { recursive: true })
  cpSync('package.json', join(folder, 'package.json'))
  mkdirSync(join(folder, 'node_modules'))
  // A link leads back to where the engine is, so libsql itself is a copy.
  cpSync('node_modules/libsql', join(folder, 'node_modules/libsql'), { recursive: true })
  for (const name of readdirSync('node_modules')) {
    if (name === 'libsql' || name === '@libsql') continue
    symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name))
  }
  return join(folder, 'dist/main.js')
}

const said = /SQLite's engine for this platform \(\w+-\w+\) is not installed or cannot be loaded \(MODULE_NOT_FOUND\)/

test('without SQLite’s engine nothing is written, it is said why, and the server reads on', async () => {
  const program = start([], {}, installedWithout())
  await initialize(program)
  const call = async (id: number, name: string, args: object) => {
    program.say({ id, method: 'tools/call', params: { name, arguments: args } })
    const { result } = await program.hear(id)
    return result as { isError?: boolean; content: { text: string }[]; _meta: Record<string, { code: string }> }
  }
  const refused = await call(1, 'reserveDID', { didParams: ['4355550105'] })
  expect(refused._meta['did-mcp/error']?.code).toBe('JOURNAL_UNAVAILABLE')
  expect(refused.content[0]?.text).toMatch(said)
  expect(refused.content[0]?.text).toContain('Install did-mcp anew on this machine, without --omit=optional')
  const read = await call(2, 'queryDID', { did: '4355550105' })
  expect(read.isError).toBeUndefined()
  expect(read.content[0]?.text).toContain('4355550105|available')
})

test('doctor says the same, and goes on to its end', async () => {
  const program = start(['doctor'], {}, installedWithout())
  expect(await program.ended).toBe(1)
  expect(program.stdout().replace(/\s+/g, ' ')).toMatch(said)
  expect(program.stdout()).toMatch(/^carrier|^SOAP|credentials/m)
  expect(program.stderr()).toBe('')
})
