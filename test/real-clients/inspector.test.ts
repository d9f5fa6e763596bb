import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startSandbox } from '../../src/sandbox/service.ts'
import { type Launch, launch } from './support/launch.ts'
import { type Fetched, fetchNode } from './support/npm.ts'
import { type RealClient, tellTheStory } from './support/story.ts'

let fetched: Fetched
beforeAll(async () => {
  // The inspector asks for Node 22.19 or later; the server stays on this one.
  fetched = await fetchNode('22.23.3', '@modelcontextprotocol/inspector@2.12.0')
})

describe('the inspector, which starts the server anew for each request', () => {
  tellTheStory(async () => {
    const server = await launchOnSharedSandbox()
    const ask = async (...request: string[]) => {
      const { code, result } = await inspect(server, ...request)
      expect(code).toBe(result.isError === true ? 5 : 0)
      return result
    }
    return {
      listTools: () => ask('--method', 'tools/list'),
      callTool: ({ name, arguments: args }) =>
        ask('--method', 'tools/call', '--tool-name', name, '--tool-args-json', JSON.stringify(args)),
      readResource: ({ uri }) => ask('--method', 'resources/read', '--uri', uri),
      getPrompt: ({ name, arguments: args }) =>
        ask('--method', 'prompts/get', '--prompt-name', name, '--prompt-args', ...pairs(args)),
    } satisfies RealClient
  })

  test('finds no schema that some client could not use', async () => {
    const server = await launchOnSharedSandbox()
    // Its findings go to stderr, even mere warnings, which leave the exit code 0.
    expect(await inspect(server, '--method', 'tools/list', '--strict')).toMatchObject({ code: 0, stderr: '' })
  })

  test('may ask for the newest revision first', async () => {
    const server = await launchOnSharedSandbox()
    const answer = await inspect(server, '--method', 'prompts/list', '--protocol-era', 'auto')
    const names = ['provision-numbers', 'release-numbers', 'review-account', 'port-check']
    expect(answer).toMatchObject({ code: 0, result: { prompts: names.map((name) => ({ name })) } })
  })
})

interface Inspection {
  code: number
  result: { isError?: boolean }
  stderr: string
}

function inspect({ command, args, env }: Launch, ...request: string[]): Promise<Inspection> {
  const program = [join(fetched.modules, '.bin/mcp-inspector'), '--cli', command, ...args]
  const variables = pairs(env).flatMap((pair) => ['-e', pair])
  // Its own settings lie in HOME: there it finds none.
  const options = { env: { PATH: process.env.PATH, HOME: join(env.DID_MCP_STATE_DIR ?? '', '..') } }
  return new Promise((resolve, reject) => {
    execFile(
      fetched.node,
      [...program, ...variables, '--format', 'json', ...request],
      options,
      (error, out, stderr) => {
        const code = error === null ? 0 : Number(error.code)
        if (out === '') return reject(new Error(`the inspector ended with ${code}: ${stderr}`))
        resolve({ code, stderr, ...(JSON.parse(out) as { result: { isError?: boolean } }) })
      },
    )
  })
}

/** One carrier for all the servers of a test, since an embedded one ends with its server. */
async function launchOnSharedSandbox(): Promise<Launch> {
  const sandbox = await startSandbox()
  onTestFinished(() => sandbox.close())
  return launch(process.execPath, {
    DID_MCP_ENDPOINT: sandbox.endpoint,
    DID_MCP_LOGIN: sandbox.login,
    DID_MCP_SECRET: sandbox.secret,
  })
}

function pairs(record: Record<string, string>): string[] {
  return Object.entries(record).map(([key, value]) => `${key}=${value}`)
}
