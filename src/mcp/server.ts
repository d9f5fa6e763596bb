import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import type { jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/types.js'
import { callTool } from './call.ts'
import type { McpServerOptions } from './context.ts'
import { instructions, serverTitle } from './environment.ts'
import { policyFor } from './in-force.ts'
import { answerRequests } from './requests.ts'
import { toolList } from './tool-list.ts'

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
