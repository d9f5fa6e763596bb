import { secretsOf } from '../config.ts'
import { createLogger, type Logger } from '../log.ts'
import { createMcpServer } from '../mcp/server.ts'
import { tools } from '../tools/index.ts'
import { stdioTransport } from '../transports/stdio.ts'
import { readConfiguration, wronglySet } from './configuration.ts'
import { openRooms, type Rooms } from './rooms.ts'
import { stopSignal } from './stop-signal.ts'
import { whoAmI } from './who.ts'

/**
 * `did-mcp`: the MCP server over stdio, until the client closes our input or a signal comes.
 *
 * @returns 0, or 2 where the configuration is wrong: every problem is on stderr then, and nothing on stdout.
 */
export async function stdio(env: Readonly<Record<string, string | undefined>>): Promise<number> {
  const config = readConfiguration(env, (lines) => process.stderr.write(`${lines}\n`))
  if (config === undefined) return wronglySet
  const log = createLogger({ level: config.logLevel, secrets: secretsOf(config) })
  const rooms = openRooms(config, log)
  const server = createMcpServer({
    tools,
    policy: () => config.policy.current(),
    sources: rooms.sources,
    perform: rooms.perform,
    environment: rooms.carrier.account.environment,
    callerName: whoAmI(),
    version: DID_MCP_VERSION,
    log,
    onInitialized: () => recoverSoon(rooms, log),
  })
  const { stdin, stdout } = process
  const transport = stdioTransport({ stdin, stdout, log, ending: rooms.ending, graceMs: answerWithinMs })
  await server.connect(transport)
  await Promise.race([transport.ended, stopSignal()])
  await rooms.close()
  return 0
}

/** A client that writes its last requests and closes is still answered, if that is quick: a cold start is. Milliseconds. */
const answerWithinMs = 600

/** Recovery begins after the client has what it asked for first. Milliseconds. */
const recoverAfterMs = 1000

function recoverSoon(rooms: Rooms, log: Logger): void {
  setTimeout(() => {
    rooms.recover().catch((error: unknown) => log.warn('what ended processes left open was not settled', { error }))
  }, recoverAfterMs).unref()
}
