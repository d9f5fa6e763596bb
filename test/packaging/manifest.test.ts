import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { manifestFor, platforms } from '../../scripts/mcpb-manifest.mjs'
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

test('a directory finds a person’s links and our own icon, and a privacy section behind its link', () => {
  const { homepage, bugs } = read('package.json')
  const { documentation, support, privacy_policies: privacy, icon } = manifest
  expect([documentation, support]).toEqual([homepage, bugs])
  expect(privacy).toEqual([homepage.replace('#readme', '#privacy')])
  expect(readFileSync('README.md', 'utf8')).toMatch(/^## Privacy$/m)
  const png = readFileSync(`packaging/${icon}`)
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([512, 512])
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

describe('a bundle holds the native engine of one platform', () => {
  test.each([
    ['linux-x64', 'linux', ['--os=linux', '--cpu=x64']],
    ['darwin-arm64', 'darwin', ['--os=darwin', '--cpu=arm64']],
    ['darwin-x64', 'darwin', ['--os=darwin', '--cpu=x64']],
    ['win32-x64', 'win32', ['--os=win32', '--cpu=x64']],
  ] as const)('%s says that it is for %s, and npm fetches that engine', (platform, system, flags) => {
    const { compatibility, ...rest } = manifestFor(platform)
    expect(compatibility).toEqual({ platforms: [system], runtimes: { node: engines.node } })
    const { compatibility: all, ...common } = manifest
    expect(rest).toEqual({ ...common, version })
    expect(all.platforms).toContain(system)
    expect(platforms[platform]).toEqual(flags)
  })

  test('each system that the manifest names has one, and each bundle an engine in the lock', () => {
    const systems = new Set(Object.keys(platforms).map((platform) => platform.split('-')[0]))
    expect([...systems]).toEqual(manifest.compatibility.platforms)
    const { packages }: { packages: object } = read('package-lock.json')
    for (const platform of Object.keys(platforms)) {
      expect(Object.keys(packages).some((path) => path.startsWith(`node_modules/@libsql/${platform}`))).toBe(true)
    }
  })

  test('for another platform none is packed, and those that there are are named', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['scripts/pack-mcpb.mjs', 'linux-x64', 'sunos-sparc'],
      {
        encoding: 'utf8',
      },
    )
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: '',
      stderr: 'No such platform: sunos-sparc. There are linux-x64, darwin-arm64, darwin-x64, win32-x64.\n',
    })
  })
})
