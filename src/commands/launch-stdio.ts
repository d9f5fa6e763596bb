import type { Readable, Writable } from 'node:stream'
import { readConfiguration, wronglySet } from '../app/configuration.ts'
import { openFace } from '../app/open-face.ts'
import { openRooms, type Rooms } from '../app/rooms.ts'
import { stopSignal } from '../app/stop-signal.ts'
import { hiderOf } from '../config/read-config.ts'
import type { Env } from '../config/variables.ts'
import { createLogger, type Logger } from '../log.ts'
import { openOutlet } from '../terminal/outlet.ts'
import { stdioTransport } from '../transports/stdio.ts'

/** What it speaks over: a process's streams, or their likeness in a test. */
interface Pipes {
  stdin: Readable & { isTTY?: boolean }
  stdout: Writable
  stderr: Writable
}

/**
 * `did-mcp`: the MCP server over stdio, until the client closes our input or a signal comes.
 *
 * @param program the path of this program
 * @returns 0, or 2 where the configuration is wrong: every problem is on stderr then, and nothing on stdout.
 */
export async function stdio(env: Env, program: string, { stdin, stdout, stderr }: Pipes = process): Promise<number> {
  const said = openOutlet(stderr, mostOfLogWaiting)
  const config = readConfiguration(env, (lines) => said.write(`${lines}\n`))
  if (config === undefined) {
    await said.done(stuckMs)
    return wronglySet
  }
  const log = createLogger({ level: config.logLevel, hide: hiderOf(config), write: said.write })
  const rooms = openRooms(config, log, program)
  const server = openFace(config, rooms, log, () => recoverSoon(rooms, log))
  const transport = stdioTransport({ stdin, stdout, log, ending: rooms.ending, graceMs: answerWithinMs })
  await server.connect(transport)
  if (stdin.isTTY) said.write(`${await whatWaits(program, env)}\n`)
  await Promise.race([transport.ended, stopSignal()])
  await rooms.close()
  // What was answered last may wait for its reader still, and what was logged.
  const cut = await Promise.all([openOutlet(stdout), said].map((outlet) => outlet.done(stuckMs)))
  return cut.every((one) => one === undefined) ? 0 : 1
}

/** Bytes of the log that wait for a slow reader; lines beyond are lost, and counted. */
const mostOfLogWaiting = 4 * 2 ** 20

/** The time that a client which reads nothing any more is given at the end, milliseconds. */
const stuckMs = 1000

/** The words for a person who starts it in a terminal, where it says nothing and seems to hang. */
async function whatWaits(program: string, env: Env): Promise<string> {
  const { callHere } = await import('../clients/program.ts')
  const help = `${callHere(program, env)} --help`
  return `did-mcp speaks MCP over stdin and stdout, and waits for a client (Ctrl-C ends it). See ${help}`
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
