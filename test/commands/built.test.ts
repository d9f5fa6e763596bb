import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { toolList } from '../../src/mcp/tool-list.ts'
import { builtIn } from '../../src/policy/policy.ts'
import { tools } from '../../src/tools/index.ts'
import { temporaryFolder } from '../support/folder.ts'
import { initialize, start } from '../support/program.ts'

/** The build converts schemas so that no start has to; what it made is what the source says. */
async function listed(env: Record<string, string> = {}): Promise<unknown> {
  const program = start([], env)
  await initialize(program)
  program.say({ id: 1, method: 'tools/list' })
  return (await program.hear(1)).result?.tools
}

test('the built program lists the tools as their source describes them', async () => {
  expect(await listed()).toEqual(JSON.parse(JSON.stringify(toolList(tools, builtIn))))
})

test('and leaves out what the policy denies', async () => {
  const policy = join(temporaryFolder(), 'policy.json')
  writeFileSync(policy, JSON.stringify({ tools: { releaseDID: 'deny' } }))
  const names = ((await listed({ DID_MCP_POLICY: policy })) as { name: string }[]).map(({ name }) => name)
  expect(names).toEqual(tools.map(({ name }) => name).filter((name) => name !== 'releaseDID'))
})
