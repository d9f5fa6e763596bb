import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import type { jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/types.js'
import type { Environment } from '../carrier/carrier.ts'
import type { Caller, WriteRequest } from '../operations/door.ts'
import type { Envelope } from '../operations/envelope.ts'
import type { Policy } from '../policy/policy.ts'
import type { Sources, Tool } from '../tools/tool.ts'
import { callTool } from './call.ts'
import { instructions, serverTitle } from './environment.ts'
import type { ErrorLog } from './errors.ts'
import { policyFor } from './in-force.ts'
import { answerRequests } from './requests.ts'
import { toolList } from './tool-list.ts'

export interface McpServerOptions {
  /** In the order in which they are listed. */
  tools: readonly Tool[]
  /** What is in force now; asked at every list and call. Throws PolicyUnreadable where a file became unreadable. */
  policy: () => Policy
  /** What reading tools read from. */
  sources: Sources
  /** The one door for writes. */
  perform: (request: WriteRequest, caller: Caller) => Promise<Envelope>
  environment: Environment
  /** Who asks, for the journal: `user@host` over stdio, the token's subject over HTTP. */
  callerName: string
  version: string
  log: ErrorLog & { warn(message: string, fields?: Readonly<Record<string, unknown>>): void }
  /** The client is ready: the moment after which recovery may begin. */
  onInitialized?: (() => void) | undefined
}

/** An MCP server over tools, resources and prompts, not yet connected to a transport. Cheap: one is made for each connection. */
export function createMcpServer(options: McpServerOptions): Server {
  const { environment, version, log } = options
  const server = new Server(
    { name: 'did-mcp', title: serverTitle(environment), version },
    {
      // Nothing here announces changes or is subscribed to: whoever wants the present state reads it.
      capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} },
      instructions: instructions(environment),
      jsonSchemaValidator: unused,
    },
  )
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: toolList(options.tools, policyFor('read', options.policy)),
  }))
  server.setRequestHandler(CallToolRequestSchema, ({ params }, context) => callTool(server, options, params, context))
  answerRequests(server, options)
  server.oninitialized = () => options.onInitialized?.()
  server.onerror = (error) => log.warn('the protocol was not kept', { error: error.message })
  return server
}

/** The SDK makes a JSON Schema compiler for each server otherwise, for answers to forms; elicit.ts reads those itself. */
const unused: jsonSchemaValidator = {
  getValidator() {
    throw new Error('no schema is compiled here')
  },
}
