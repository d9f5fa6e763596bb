import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isNewEnough, judgeNode } from '../../src/doctor/check-node.ts'

describe('the Node that runs it', () => {
  test.each([
    ['v18.20.8', false],
    ['v20.9.0', false],
    ['v20.18.3', false],
    ['v20.19.0', true],
    ['v20.20.2', true],
    ['v21.0.0', true],
    ['v22.12.0', true],
    ['v24.1.0-nightly', true],
    ['v100.0.0', true],
    ['22.1.0', true],
    ['9.0.0', false],
  ])('%s: %s', (version, enough) => {
    expect(isNewEnough(version)).toBe(enough)
  })

  test('the least is that of package.json', () => {
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8'))
    const [, major, minor] = /^>=(\d+)\.(\d+)$/.exec(engines.node) ?? []
    expect(isNewEnough(`v${major}.${minor}.0`)).toBe(true)
    expect(isNewEnough(`v${major}.${Number(minor) - 1}.9`)).toBe(false)
  })

  test('one that is too old fails, with what to install; one that is not is told', () => {
    const node = { platform: 'darwin', arch: 'arm64', execPath: '/usr/local/bin/node' } as const
    expect(judgeNode({ ...node, version: 'v20.18.3' })).toEqual({
      verdict: 'failed',
      what: 'v20.18.3 on darwin arm64, /usr/local/bin/node: too old',
      next: 'Install Node 20.19 or later (https://nodejs.org); the newest even version is best.',
    })
    expect(judgeNode({ ...node, version: 'v22.12.0' })).toEqual({
      verdict: 'ok',
      what: 'v22.12.0 on darwin arm64, /usr/local/bin/node',
    })
  })
})
