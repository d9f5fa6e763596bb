import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { claudePluginFiles } from '../../scripts/claude-plugin-files.ts'
import { npx } from '../../src/clients/program.ts'
import { readVariables } from '../../src/config/variables.ts'
import { prompts } from '../../src/mcp/prompts.ts'

const files = claudePluginFiles(JSON.parse(readFileSync('package.json', 'utf8')))
const folder = 'packaging/claude-code'
const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'))

test('every file is as `npm run write:claude-plugin` writes it, and there is no other', () => {
  for (const [path, text] of Object.entries(files)) {
    const written = readFileSync(path, 'utf8')
    if (path.endsWith('.json')) expect(JSON.parse(written)).toEqual(JSON.parse(text))
    else expect(written).toBe(text)
  }
  const there = ['.claude-plugin', folder].flatMap((root) =>
    readdirSync(root, { recursive: true, withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? [posix.join(entry.parentPath.replaceAll('\\', '/'), entry.name)] : [],
    ),
  )
  expect(there.sort()).toEqual(Object.keys(files).sort())
})

test('the marketplace leads to the plugin, and the plugin starts this version', () => {
  const { version } = read('package.json')
  expect(read('.claude-plugin/marketplace.json').plugins).toMatchObject([{ name: 'did-mcp', source: `./${folder}` }])
  expect(read(`${folder}/.claude-plugin/plugin.json`)).toMatchObject({ name: 'did-mcp', version })
  const { command, args, env } = read(`${folder}/.mcp.json`).mcpServers.did
  expect([command, ...args].join(' ')).toBe(`${npx.join(' ')}@${version}`)
  // What is not set comes as an empty text, and is the sandbox.
  const unset = Object.fromEntries(
    Object.entries<string>(env).map(([name, value]) => [name, value.replace(`\${${name}:-}`, '')]),
  )
  expect(new Set(Object.values(unset))).toEqual(new Set(['']))
  expect(readVariables(unset)).toMatchObject({ problems: [], values: readVariables({}).values })
})

describe.each(prompts)('the skill $name', ({ name, tools }) => {
  const skill = files[`${folder}/skills/${name}/SKILL.md`] ?? ''

  test('names the tools of its prompt, and takes what the person writes once', () => {
    for (const tool of tools) expect(skill).toContain(tool)
    expect(skill.split('$ARGUMENTS')).toHaveLength(2)
    expect(skill).not.toContain('undefined')
  })
})
