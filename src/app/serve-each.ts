import type { Config } from '../config/read-config.ts'
import type { Logger } from '../log.ts'
import type { Request } from '../mcp/json-rpc.ts'
import { type LegacyServer, legacyServer, speaksLegacy } from '../mcp/legacy.ts'
import { faceOver } from './open-face.ts'
import type { Rooms } from './rooms.ts'

/** Servers over open rooms for many callers: one for each message, so that no client ever sees what another asked. */
export interface EachMessage {
  /** A server for this message alone. Which era of the protocol it speaks is decided here. */
  open(message: Request, who: { name: string }): LegacyServer
  /** Whether a revision of the protocol is spoken. */
  speaks(revision: string): boolean
}

export function serveEach(config: Config, rooms: Rooms, log: Logger): EachMessage {
  const face = faceOver(config, rooms, log)
  return {
    open: (message, { name }) => legacyServer(face, { caller: name, log, greets: message.method === 'initialize' }),
    speaks: speaksLegacy,
  }
}
