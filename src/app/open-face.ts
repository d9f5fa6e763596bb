import type { Config } from '../config/read-config.ts'
import type { Logger } from '../log.ts'
import { createFace, type Face } from '../mcp/face.ts'
import { type LegacyServer, legacyServer } from '../mcp/legacy.ts'
import { toolsWith } from '../tools/index.ts'
import type { Rooms } from './rooms.ts'
import { whoAmI } from './who.ts'

/** The MCP face over open rooms, for whoever runs this process: one connection's server. */
export function openFace(config: Config, rooms: Rooms, log: Logger, onInitialized?: () => void): LegacyServer {
  return legacyServer(faceOver(config, rooms, log), { caller: whoAmI(), log, onInitialized })
}

/**
 * The MCP face over open rooms.
 *
 * @param policy what is in force for whoever sees this face
 */
export function faceOver(config: Config, rooms: Rooms, log: Logger, policy = () => config.policy.current()): Face {
  return createFace({
    tools: toolsWith(config.toolsets),
    policy,
    sources: rooms.sources,
    perform: rooms.perform,
    environment: rooms.carrier.account.environment,
    version: DID_MCP_VERSION,
    log,
  })
}
