import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { expect } from 'vitest'

export const contentAt = async (client: Client, uri: string) => (await client.readResource({ uri })).contents[0]

export async function textAt(client: Client, uri: string): Promise<string> {
  const content = await contentAt(client, uri)
  return content !== undefined && 'text' in content ? content.text : ''
}

export const jsonAt = async (client: Client, uri: string) => JSON.parse(await textAt(client, uri))

/** The JSON-RPC error of a reading; the client puts the code before the server's own words. */
export async function refusalAt(client: Client, uri: string) {
  const error = await client.readResource({ uri }).then(
    () => expect.fail(`${uri} was read`),
    (thrown: Error & { code: number; data: unknown }) => thrown,
  )
  const { code, message, data } = error
  return { code, message: message.replace(`MCP error ${code}: `, ''), data }
}
