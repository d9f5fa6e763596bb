import { scopes } from '../access/principal.ts'
import { readConfiguration, wronglySet } from '../app/configuration.ts'
import { openWall, whyNotServed } from '../app/open-wall.ts'
import { openRooms } from '../app/rooms.ts'
import { asksToWrite, serveEach, withoutForms } from '../app/serve-each.ts'
import { stopSignal } from '../app/stop-signal.ts'
import { hiderOf } from '../config/read-config.ts'
import type { Env } from '../config/variables.ts'
import { createLogger } from '../log.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { type HttpTransport, listenHttp } from '../transports/http.ts'

export interface ServeOptions {
  env: Env
  /** The path of this program. */
  program: string
  host: string
  /** 0: the system chooses. */
  port: number
}

/**
 * `did-mcp serve`: the MCP server over Streamable HTTP, until SIGINT or SIGTERM. Prints the address that it listens on.
 *
 * @returns 0; 1 where the address cannot be had; 2 where the configuration is wrong: every problem is on stderr then.
 */
export async function serve({ env, program, host, port }: ServeOptions, terminal: Terminal): Promise<number> {
  const read = readConfiguration(overHttp(env), terminal.fail)
  if (read === undefined) return wronglySet
  const config = { ...read, policy: withoutForms(read.policy) }
  const problems = whyNotServed(config.http, host)
  if (problems.length > 0) {
    terminal.fail(`did-mcp cannot start:\n${problems.map((problem) => `- ${problem}`).join('\n')}`)
    return wronglySet
  }
  const write = (line: string) => {
    terminal.fail(line.trimEnd())
    return true
  }
  const log = createLogger({ level: config.logLevel, hide: hiderOf(config), write })
  const rooms = openRooms(config, log, program)
  const { open, speaks } = serveEach(config, rooms, log)
  const stopped = stopSignal()
  let transport: HttpTransport
  try {
    transport = await listenHttp({
      host,
      port,
      publicUrl: config.http.publicUrl,
      wall: async (url) => {
        const { wall, documents } = await openWall(config.http, url, log)
        return {
          documents,
          admit: ({ authorization }) => wall.admit(authorization),
          forbidden: (message, who) => (asksToWrite(message) ? wall.lacks(who, scopes) : undefined),
        }
      },
      open,
      speaks,
      ready: rooms.ready,
      log,
    })
  } catch (error) {
    terminal.fail(`did-mcp: ${notHad(error, host, port)}`)
    await rooms.close()
    return 1
  }
  terminal.print(String(transport.url))
  log.info('listening', { url: String(transport.url), environment: rooms.carrier.account.environment })
  rooms.recover().catch((error: unknown) => log.warn('what ended processes left open was not settled', { error }))
  await stopped
  log.info('ending')
  transport.ending()
  await rooms.close()
  await transport.close(lastAnswersMs)
  return 0
}

/** The time for answers that are written and not taken yet, at the end, milliseconds. */
const lastAnswersMs = 1000

/** Whoever asks over HTTP is no person at this machine: unless said otherwise, a yes comes from one. */
function overHttp(env: Env): Env {
  return env.DID_MCP_CONFIRMATION ? env : { ...env, DID_MCP_CONFIRMATION: 'human' }
}

function notHad(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE')
    return `port ${port} of ${host} is taken. Choose another with --port; 0 lets the system choose.`
  if (code === 'EACCES') return `port ${port} may not be used by this user. Choose one from 1024 upward with --port.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `this machine has no address ${host}.`
  return error instanceof Error ? error.message : String(error)
}
