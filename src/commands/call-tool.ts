import { readConfiguration, wronglySet } from '../app/configuration.ts'
import { openFace } from '../app/open-face.ts'
import { openRooms } from '../app/rooms.ts'
import { hiderOf } from '../config/read-config.ts'
import type { Env } from '../config/variables.ts'
import { createLogger } from '../log.ts'
import { versioned } from '../terminal/json.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { askAtTerminal } from './call/ask-at-terminal.ts'
import { connectInside } from './call/connect-inside.ts'

export interface CallOptions {
  tool: string
  /** Its arguments, as JSON. */
  json: string
  env: Env
  program: string
}

/**
 * `did-mcp call TOOL JSON`: one tool call through the same face, input, policy, journal and confirmation as a client's,
 * for scripts. Where a person sits at the terminal they are asked there; elsewhere a yes waits for `did-mcp approvals`.
 *
 * @returns 0 where the call did what was asked, 1 where it did not (an error, a yes that is missing, a number that failed
 *   or is uncertain), 2 where arguments or configuration are wrong.
 */
export async function callTool({ tool, json, env, program }: CallOptions, terminal: Terminal): Promise<number> {
  const args = objectOf(json)
  if (args === undefined) {
    terminal.fail('The arguments must be one JSON object, as \'{"did":"4355550105"}\'. Nothing was called.')
    return wronglySet
  }
  // Nobody reads a ticket in a script: who is not at a terminal gives the yes elsewhere.
  const set = terminal.ask === undefined ? { ...env, DID_MCP_CONFIRMATION: 'human' } : env
  const config = readConfiguration(set, terminal.fail)
  if (config === undefined) return wronglySet
  const write = (text: string) => {
    terminal.fail(text.trimEnd())
    return true
  }
  const log = createLogger({ level: quieter(config.logLevel), hide: hiderOf(config), write })
  const rooms = openRooms(config, log, program)
  const stop = new AbortController()
  const interrupted = () => stop.abort()
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  try {
    await using client = await connectInside(openFace(config, rooms, log), askAtTerminal(terminal))
    const answer = await client.call(tool, args, stop.signal)
    terminal.print(versioned({ tool, ...answer }))
    return !answer.isError && hasGone(answer.answer) ? 0 : 1
  } catch (error) {
    if (!stop.signal.aborted) throw error
    terminal.fail('Cancelled. What was begun stands in the journal: did-mcp operations shows it.')
    return 1
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted)
    await rooms.close()
  }
}

/** What is told to nobody in particular stays out of a script's stderr. */
const quieter = (level: 'debug' | 'info' | 'warn' | 'error') => (level === 'info' ? 'warn' : level)

function objectOf(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** A read has no status; of a write only these have left nothing to do. */
function hasGone(answer: Readonly<Record<string, unknown>> | undefined): boolean {
  const status = answer?.status
  return status === undefined || status === 'done' || status === 'preview'
}
