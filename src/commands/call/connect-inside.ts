import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import type { LegacyServer } from '../../mcp/legacy.ts'
import type { AskForm } from './ask-at-terminal.ts'

/** What a call came to, for a script: the structured answer, or the error. */
interface CallAnswer {
  isError: boolean
  answer?: Record<string, unknown> | undefined
  error?: { code?: unknown; retryable?: unknown; details?: unknown; message: string } | undefined
}

interface ConnectedClient extends AsyncDisposable {
  call(tool: string, args: Record<string, unknown>, signal: AbortSignal): Promise<CallAnswer>
}

/** A real client of a server in this process, so that a call goes the way of every client's. */
export async function connectInside(server: LegacyServer, ask: AskForm | undefined): Promise<ConnectedClient> {
  const capabilities = ask === undefined ? {} : { elicitation: { form: {} } }
  const client = new Client({ name: 'did-mcp call', version: DID_MCP_VERSION }, { capabilities })
  if (ask !== undefined) {
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      const fields = 'requestedSchema' in params ? Object.entries(params.requestedSchema.properties) : []
      const [field = 'answer', schema] = fields[0] ?? []
      return ask({ message: params.message, field, title: schema?.title ?? field })
    })
  }
  const [near, far] = InMemoryTransport.createLinkedPair()
  await server.connect(far)
  await client.connect(near)
  return {
    async call(tool, args, signal) {
      const result = await client.callTool({ name: tool, arguments: args }, undefined, { signal, timeout: longestMs })
      if (result.isError !== true)
        return { isError: false, answer: result.structuredContent as Record<string, unknown> }
      const { code, retryable, details } = Object(result._meta?.['did-mcp/error'])
      const content = Array.isArray(result.content) ? result.content : []
      const message = content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')
      return { isError: true, error: { code, retryable, details, message } }
    },
    async [Symbol.asyncDispose]() {
      await client.close()
    },
  }
}

/** The carrier's own deadlines end a call, and a person may take their time. Milliseconds. */
const longestMs = 24 * 3_600_000
