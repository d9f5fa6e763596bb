import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { z } from 'zod'

/** The least that an MCP server can be: the SDK as its README shows it, with one tool. */
const server = new McpServer({ name: 'bare', version: '0.0.0' })
server.registerTool(
  'queryDID',
  { description: 'What a number is now.', inputSchema: { did: z.string() } },
  async ({ did }) => ({ content: [{ type: 'text', text: did }] }),
)
await server.connect(new StdioServerTransport())
