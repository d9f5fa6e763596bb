import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { callOf, quoted } from '../../src/clients/program.ts'
import { temporaryFolder } from '../support/folder.ts'

/** A folder with these files, and links from a name to a file. */
function machine(links: Readonly<Record<string, string>> = {}, files: readonly string[] = []) {
  const folder = temporaryFolder()
  const at = (path: string) => join(folder, path)
  const place = (path: string) => {
    mkdirSync(dirname(at(path)), { recursive: true })
    return at(path)
  }
  const standard = ['node/bin/node', 'did-mcp/dist/main.js', 'other/main.js']
  for (const file of [...standard, ...files]) writeFileSync(place(file), '')
  for (const [link, file] of Object.entries(links)) symlinkSync(at(file), place(link))
  return {
    at,
    call(path: readonly string[], program = 'did-mcp/dist/main.js') {
      const env = { PATH: path.map(at).join(delimiter) }
      return callOf(at(program), { env, platform: 'linux' }, at('node/bin/node')).replaceAll(`${folder}/`, '')
    },
  }
}

describe('how a person starts this program', () => {
  test('a clone, by its path: with the node that runs it, by its name where that is the one found', () => {
    const { call } = machine({ 'bin/node': 'node/bin/node', 'sbin/node': 'other/main.js' })
    expect(call([])).toBe('node/bin/node did-mcp/dist/main.js')
    expect(call(['nowhere', 'bin', 'sbin'])).toBe('node did-mcp/dist/main.js')
    expect(call(['sbin', 'bin'])).toBe('node/bin/node did-mcp/dist/main.js')
  })

  test('an installed one, by its name where that leads to it', () => {
    const { call } = machine({ 'bin/did-mcp': 'did-mcp/dist/main.js', 'sbin/did-mcp': 'other/main.js' })
    expect(call(['bin', 'sbin'])).toBe('did-mcp')
    expect(call(['sbin', 'bin'])).toBe('node/bin/node did-mcp/dist/main.js')
  })

  test('not by a name that npm has put there for the moment', () => {
    const { call } = machine({ 'node_modules/.bin/did-mcp': 'did-mcp/dist/main.js' })
    expect(call(['node_modules/.bin'])).toBe('node/bin/node did-mcp/dist/main.js')
  })

  test('a copy in the cache of npx', () => {
    const program = '.npm/_npx/1a2b/node_modules/did-mcp/dist/main.js'
    const { call } = machine({ '.npm/_npx/1a2b/node_modules/.bin/did-mcp': program }, [program])
    expect(call(['.npm/_npx/1a2b/node_modules/.bin'], program)).toBe('npx -y did-mcp')
  })

  test('on Windows, where the name is a script beside the package', () => {
    const { at } = machine({}, ['npm/did-mcp.cmd', 'npm/node_modules/did-mcp/dist/main.js', 'nodejs/node.exe'])
    const call = (program: string, ...path: string[]) =>
      callOf(at(program), { env: { PATH: path.map(at).join(';') }, platform: 'win32' }, at('nodejs/node.exe'))
    expect(call('npm/node_modules/did-mcp/dist/main.js', 'npm')).toBe('did-mcp')
    expect(call('did-mcp/dist/main.js', 'npm', 'nodejs')).toBe(`node ${at('did-mcp/dist/main.js')}`)
  })
})

test.each([
  ['/opt/did-mcp/dist/main.js', 'linux', '/opt/did-mcp/dist/main.js'],
  ['/opt/node 22/bin/node', 'linux', "'/opt/node 22/bin/node'"],
  ["/home/ann's", 'darwin', "'/home/ann'\\''s'"],
  ['C:\\did-mcp\\main.js', 'win32', 'C:\\did-mcp\\main.js'],
  ['C:\\Program Files\\nodejs\\node.exe', 'win32', '"C:\\Program Files\\nodejs\\node.exe"'],
] as const)('%s on %s is one word', (word, platform, one) => {
  expect(quoted(word, platform)).toBe(one)
})
