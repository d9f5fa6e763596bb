import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { expect } from 'vitest'

/** What a client was answered, as far as a confirmation goes. */
interface Answer {
  status?: string
  error?: string
  confirmedBy?: string
  text: string
  summary: string
  ticket: string
  preview: string[]
  results: { tn: string; outcome: string; meaning?: string; after?: unknown }[]
}

/** A tool called by a client. What is refused has no structured content. */
export async function call(client: Client, tool: string, args: Record<string, unknown>): Promise<Answer> {
  const result = await client.callTool({ name: tool, arguments: args })
  const content = result.content as { text: string }[]
  const meta = result._meta?.['did-mcp/error'] as { code: string } | undefined
  if (result.isError) expect(result.structuredContent).toBeUndefined()
  const envelope = (result.structuredContent ?? {}) as {
    status?: string
    confirmedBy?: string
    summary?: string
    confirmation?: { ticket?: string; preview?: string[] }
    results?: Answer['results']
  }
  return {
    ...(envelope.status && { status: envelope.status }),
    ...(envelope.confirmedBy && { confirmedBy: envelope.confirmedBy }),
    ...(meta && { error: meta.code }),
    text: content[0]?.text ?? '',
    summary: envelope.summary ?? '',
    ticket: envelope.confirmation?.ticket ?? '',
    preview: envelope.confirmation?.preview ?? [],
    results: envelope.results ?? [],
  }
}
