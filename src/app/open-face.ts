import type { Server } from '@modelcontextprotocol/sdk/server/index.js'
import type { Config } from '../config.ts'
import type { Logger } from '../log.ts'
import { createMcpServer } from '../mcp/server.ts'
import { tools } from '../tools/index.ts'
import type { Rooms } from './rooms.ts'
import { whoAmI } from './who.ts'

/** The MCP face over open rooms, for whoever runs this process. */
export function openFace(config: Config, rooms: Rooms, log: Logger, onInitialized?: () => void): Server {
  return createMcpServer({
    tools,
    policy: () => config.policy.current(),
    sources: rooms.sources,
    perform: rooms.perform,
    environment: rooms.carrier.account.environment,
    callerName: whoAmI(),
    version: DID_MCP_VERSION,
    log,
    onInitialized,
  })
}
