import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js'
import {
  ErrorCode,
  McpError,
  type ServerNotification,
  type ServerRequest,
  SUPPORTED_PROTOCOL_VERSIONS,
} from '@modelcontextprotocol/sdk/types.js'
import type { jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/types.js'
import * as z from 'zod'
import type { RequestContext } from './context.ts'
import type { Face } from './face.ts'
import type { Wire } from './json-rpc.ts'
import { legacyTransport } from './legacy-wire.ts'

/** What one connection has of its own. */
export interface LegacyConnection {
  /** Who is at the other end, for the journal. */
  caller: string
  log: { warn(message: string, fields?: Readonly<Record<string, unknown>>): void }
  /** The client is ready: the moment after which recovery may begin. */
  onInitialized?: (() => void) | undefined
  /** False where this connection is one request that is no handshake: the instructions are told in that alone. */
  greets?: boolean | undefined
}

/** Whether a revision of the protocol is one of those that are spoken here. */
export const speaksLegacy = (revision: string): boolean => SUPPORTED_PROTOCOL_VERSIONS.includes(revision)

/** One connection's server, not yet connected. */
export interface LegacyServer {
  /** Resolves when messages are taken. */
  connect(wire: Wire): Promise<void>
}

/**
 * The face on the SDK's first line, for the revisions of the protocol up to 2025-11-25. Cheap: one is made for each
 * connection, never one for several clients.
 */
export function legacyServer(
  face: Face,
  { caller, log, onInitialized, greets = true }: LegacyConnection,
): LegacyServer {
  const server = new Server(face.info, {
    capabilities: face.capabilities,
    ...(greets && { instructions: face.instructions() }),
    jsonSchemaValidator: unused,
  })
  server.fallbackRequestHandler = async ({ method, params }, extra) => ({
    ...(await face.answer(method, params, contextOf(server, extra, caller))),
  })
  server.oninitialized = () => onInitialized?.()
  server.onerror = (error) => log.warn('the protocol was not kept', { error: error.message })
  return { connect: (wire) => server.connect(legacyTransport(wire)) }
}

/** The SDK makes a JSON Schema compiler for each server otherwise, for answers to forms; elicit.ts reads those itself. */
const unused: jsonSchemaValidator = {
  getValidator() {
    throw new Error('no schema is compiled here')
  },
}

function contextOf(
  server: Server,
  extra: RequestHandlerExtra<ServerRequest, ServerNotification>,
  caller: string,
): RequestContext {
  const { signal, requestId, _meta } = extra
  const progressToken = _meta?.progressToken
  // The SDK reads `elicitation: {}` as form; url alone is no form.
  const canAsk = server.getClientCapabilities()?.elicitation?.form !== undefined
  return {
    caller,
    client: server.getClientVersion()?.name,
    signal,
    progress:
      progressToken === undefined
        ? undefined
        : (step) => {
            const params = { progressToken, ...step }
            // A client that is gone hears no progress; that is no reason to stop the call.
            extra.sendNotification({ method: 'notifications/progress', params }).catch(() => undefined)
          },
    elicit: canAsk
      ? async (params, { ms: timeout, signal }) => {
          const request = { method: 'elicitation/create' as const, params: { ...params } }
          try {
            // Not `elicitInput`: it throws for odd content.
            return await server.request(request as ServerRequest, z.looseObject({}), {
              relatedRequestId: requestId,
              signal,
              timeout,
            })
          } catch (error) {
            if (!signal.aborted && isTimeout(error)) return undefined
            throw error
          }
        }
      : undefined,
  }
}

const isTimeout = (error: unknown): boolean => error instanceof McpError && error.code === ErrorCode.RequestTimeout
