import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { beforeAll, describe, onTestFinished } from 'vitest'
import { launch } from './support/launch.ts'
import { fetchNode } from './support/npm.ts'
import { tellTheStory } from './support/story.ts'

/** The oldest that package.json admits, and a late release of each line after it. */
const releases = ['20.19.0', '22.23.3', '24.21.0']

// The journal is in the story, so libsql's engine is loaded on each.
describe.each(releases)("the SDK's v1 client, the server on Node %s", (release) => {
  let node = ''
  beforeAll(async () => {
    ;({ node } = await fetchNode(release))
  })

  tellTheStory(async () => {
    const client = new Client({ name: 'test', version: '0' })
    await client.connect(new StdioClientTransport({ ...launch(node), stderr: 'inherit' }))
    onTestFinished(() => client.close())
    return client
  })
})
