import { Client, type VersionNegotiationMode } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { describe, expect, onTestFinished, test } from 'vitest'
import { launch } from './support/launch.ts'
import { tellTheStory } from './support/story.ts'

async function connect(mode?: VersionNegotiationMode): Promise<Client> {
  const client = new Client({ name: 'test', version: '0' }, mode ? { versionNegotiation: { mode } } : {})
  onTestFinished(() => client.close())
  await client.connect(new StdioClientTransport({ ...launch(), stderr: 'inherit' }))
  return client
}

describe('the v2 client as it comes', () => {
  tellTheStory(() => connect())
})

describe('the v2 client that asks for the newest revision first', () => {
  tellTheStory(() => connect('auto'))

  test('and settles for the one that the server speaks', async () => {
    const client = await connect('auto')
    expect([client.getProtocolEra(), client.getNegotiatedProtocolVersion()]).toEqual(['legacy', '2025-11-25'])
  })

  test('and is told so at once where it would have no other', async () => {
    await expect(connect({ pin: '2026-07-28' })).rejects.toMatchObject({ code: 'ERA_NEGOTIATION_FAILED' })
  })
})
