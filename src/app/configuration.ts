import { thisMachine } from '../config/machine.ts'
import { type Config, type JournalPlace, readConfig, readJournalPlace } from '../config/read-config.ts'
import type { Env } from '../config/variables.ts'
import { everyTool } from '../tools/index.ts'

/** What a command ends with where the configuration is wrong. */
export const wronglySet = 2

/** The configuration of this machine; undefined where it is wrong, and then every problem was said on `fail`. */
export function readConfiguration(env: Env, fail: (lines: string) => void): Config | undefined {
  const read = readConfig(env, thisMachine(), everyTool)
  return 'problems' in read ? say(read.problems, fail) : read.config
}

/** Reads where the journal lies, and nothing else, as {@link readConfiguration} reads all. */
export function readPlaceOfJournal(env: Env, fail: (lines: string) => void): JournalPlace | undefined {
  const read = readJournalPlace(env, thisMachine())
  return 'problems' in read ? say(read.problems, fail) : read.place
}

function say(problems: readonly string[], fail: (lines: string) => void): undefined {
  fail(`did-mcp cannot start:\n${problems.map((problem) => `- ${problem}`).join('\n')}`)
}
