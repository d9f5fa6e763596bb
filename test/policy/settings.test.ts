import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { policySchema } from '../../src/policy/file.ts'
import { builtIn, type Parts, silent } from '../../src/policy/policy.ts'
import type { Setting } from '../../src/policy/setting.ts'
import { settings } from '../../src/policy/settings.ts'

/** Every setting by its path in a file: `limits.didsPerCall`. */
function each(parts: Parts, path: readonly string[] = []): [path: string, setting: Setting<unknown, unknown>][] {
  return Object.entries(parts).flatMap(([name, part]) =>
    'parts' in part ? each(part.parts, [...path, name]) : [[[...path, name].join('.'), part] as const],
  )
}

const at = (value: unknown, path: string) =>
  path.split('.').reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], value)

describe.each(each(settings))('%s stands in one entry', (path, setting) => {
  test('which is the built-in policy, and what says nothing', () => {
    expect(at(builtIn, path)).toEqual(setting.builtIn)
    expect(at(silent, path)).toEqual(setting.silent)
  })

  test('which a file may state', () => {
    expect(setting.schema.parse(setting.builtIn)).toEqual(setting.builtIn)
    expect(at(policySchema(), `properties.${path.replaceAll('.', '.properties.')}`)).toMatchObject({
      default: setting.builtIn,
      description: setting.meaning,
    })
  })

  test('which gives way to nothing that says nothing', () => {
    const merging = { own: builtIn, system: silent, tools: [] }
    expect(setting.tighten(setting.builtIn, setting.silent, merging)).toEqual(setting.builtIn)
  })
})

test('the README shows every setting', () => {
  const shown = /```json\n(\{\n {2}"effects"[\s\S]+?)```/.exec(readFileSync('README.md', 'utf8'))?.[1] ?? ''
  const file: unknown = JSON.parse(shown)
  const paths = each(settings).map(([path]) => path)
  expect(paths.filter((path) => at(file, path) === undefined)).toEqual([])
})
