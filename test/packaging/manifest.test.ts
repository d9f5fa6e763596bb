import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readVariables, variableTable } from '../../src/config/variables.ts'
import { tools } from '../../src/tools/index.ts'

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
const manifest = read('packaging/manifest.json')
const { version, license, engines } = read('package.json')

test('the bundle has the version, licence and Node of the package', () => {
  expect({ version: manifest.version, license: manifest.license, engines: manifest.compatibility.runtimes }).toEqual({
    version,
    license,
    engines,
  })
})

test('the bundle starts dist/main.js and names the tools that it has', () => {
  const { type, entry_point, mcp_config } = manifest.server
  expect([type, entry_point, mcp_config.command, ...mcp_config.args]).toEqual([
    'node',
    'dist/main.js',
    'node',
    `\${__dirname}/${entry_point}`,
  ])
  expect(manifest.tools).toEqual(tools.map(({ name, title }) => ({ name, description: title })))
})

test('each setting is a variable that is read, and each variable of the bundle a setting', () => {
  const known = variableTable().map(({ name }) => name)
  const settings = Object.keys(manifest.user_config)
  const expected = settings.map((name) => [`DID_MCP_${name.toUpperCase()}`, `\${user_config.${name}}`])
  expect(Object.entries(manifest.server.mcp_config.env)).toEqual(expected)
  expect(known).toEqual(expect.arrayContaining(expected.map(([variable]) => variable)))
})

test('the secret alone is sensitive, and nothing left empty is wrong: it is the sandbox then', () => {
  const settings: [string, { sensitive?: boolean; required: boolean; default: string }][] = Object.entries(
    manifest.user_config,
  )
  expect(settings.filter(([, { sensitive }]) => sensitive).map(([name]) => name)).toEqual(['secret'])
  // Without a default a client would hand over the placeholder itself.
  expect(settings.filter(([, { required, default: value }]) => required || value === undefined)).toEqual([])
  const untouched = Object.fromEntries(
    settings.map(([name, { default: value }]) => [`DID_MCP_${name.toUpperCase()}`, value]),
  )
  const { values, problems } = readVariables(untouched)
  expect(problems).toEqual([])
  expect(values).toEqual({ ...readVariables({}).values, DID_MCP_CONFIRMATION: 'auto' })
})
