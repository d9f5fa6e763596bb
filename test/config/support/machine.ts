import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { type Machine, thisMachine } from '../../../src/config/machine.ts'
import { type Config, readConfig } from '../../../src/config/read-config.ts'
import { tools } from '../../policy/support/tools.ts'

/** A machine of each test's own: its system policy, and what the test writes, lie in a folder that goes with the test. */
export function ownMachine() {
  let folder = ''
  let at = 1_000_000_000
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'did-mcp-config-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const path = (name: string) => join(folder, name)
  const machine = (): Machine => ({
    ...thisMachine(),
    systemPolicyPath: path('system.json'),
    stateDir: '/home/ann/.local/state/did-mcp',
  })
  const judge = (env: Record<string, string>, changed: Partial<Machine> = {}) =>
    readConfig(env, { ...machine(), ...changed }, tools)

  return {
    /** Of a file in the folder. `system.json` is the system policy. */
    path,
    /** Writes it and says where. */
    write(name: string, content: string | Buffer): string {
      writeFileSync(path(name), content)
      // Another time at each writing, however coarse the clock of the file system.
      utimesSync(path(name), at, at++)
      return path(name)
    },
    /** The configuration, or what is wrong with it. */
    judge,
    /** The configuration; fails where anything is wrong with it. */
    read(env: Record<string, string>): Config {
      const answer = judge(env)
      if ('problems' in answer) throw new Error(answer.problems.join('\n'))
      return answer.config
    },
  }
}
