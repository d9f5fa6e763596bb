import { thisMachine } from '../config/machine.ts'
import { type Config, readConfig } from '../config.ts'
import { tools } from '../tools/index.ts'

/** What a command ends with where the configuration is wrong. */
export const wronglySet = 2

/** The configuration of this machine; undefined where it is wrong, and then every problem was said on `fail`. */
export function readConfiguration(
  env: Readonly<Record<string, string | undefined>>,
  fail: (lines: string) => void,
): Config | undefined {
  const read = readConfig(env, thisMachine(), tools)
  if (!('problems' in read)) return read.config
  fail(`did-mcp cannot start:\n${read.problems.map((problem) => `- ${problem}`).join('\n')}`)
  return undefined
}
