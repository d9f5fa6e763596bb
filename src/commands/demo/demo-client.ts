import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'

/** A server that was started as a desktop client starts it, and the client's end of the conversation. */
export interface StartedServer {
  /** What `initialize` said of it. */
  title: string
  version: string
  /** Names of the tools, in the server's order. */
  tools(): Promise<string[]>
  call(tool: string, args: Record<string, unknown>): Promise<ToolAnswer>
  close(): Promise<void>
}

export interface ToolAnswer {
  isError: boolean
  /** What a client that reads only text shows. */
  text: string
  structured: Record<string, unknown> | undefined
  meta: Record<string, unknown> | undefined
}

/** Starts `command` with nothing but `env` in its environment and speaks MCP to it over stdio. It cannot elicit. */
export async function startServer(
  command: string,
  args: string[],
  env: Record<string, string>,
): Promise<StartedServer> {
  const client = new Client({ name: 'did-mcp-demo', version: DID_MCP_VERSION })
  await client.connect(new StdioClientTransport({ command, args, env, stderr: 'inherit' }))
  const server = client.getServerVersion()
  return {
    title: server?.title ?? server?.name ?? 'unknown',
    version: server?.version ?? 'unknown',
    async tools() {
      const { tools } = await client.listTools()
      return tools.map(({ name }) => name)
    },
    async call(tool, args) {
      const result = await client.callTool({ name: tool, arguments: args })
      const content = Array.isArray(result.content) ? result.content : []
      return {
        isError: result.isError === true,
        text: content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n'),
        structured: result.structuredContent as Record<string, unknown> | undefined,
        meta: result._meta,
      }
    },
    close: () => client.close(),
  }
}
