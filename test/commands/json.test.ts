import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { cliSchema } from '../../scripts/cli-shapes.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/service.ts'
import { temporaryFolder } from '../support/folder.ts'
import { start } from '../support/program.ts'

const schema = JSON.parse(readFileSync('schemas/cli.json', 'utf8'))

test('schemas/cli.json is written from the shapes, and is in the package', () => {
  expect(schema).toEqual(cliSchema())
  expect(JSON.parse(readFileSync('package.json', 'utf8')).files).toContain('schemas')
})

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ owned: 30 })
})
afterAll(() => sandbox.close())

function environment(): Record<string, string> {
  const { login, secret, endpoint } = sandbox
  const state = join(temporaryFolder(), 'state')
  return { DID_MCP_LOGIN: login, DID_MCP_SECRET: secret, DID_MCP_ENDPOINT: endpoint, DID_MCP_STATE_DIR: state }
}

test('every command answers to --json in the shape that the schema describes', async () => {
  const env = environment()
  const printed = async (command: string, words: readonly string[], codes: readonly number[] = [0]) => {
    const program = start([...words], env)
    program.child.stdin?.end()
    const code = await program.ended
    expect(codes, `${words.join(' ')}: ${program.stderr()}`).toContain(code)
    const value = JSON.parse(program.stdout())
    expect(z.fromJSONSchema(schema.$defs[command]).safeParse(value).error?.issues).toBeUndefined()
    return value
  }
  const held = await printed('call', ['call', 'reserveDID', '{"didParams":["4355550105"]}'])
  expect(held).toMatchObject({ version: 1, tool: 'reserveDID', isError: false, answer: { status: 'done' } })
  const read = await printed('call', ['call', 'queryDID', '{"did":"4355550105"}'])
  expect(read.answer.results).toMatchObject([{ tn: '4355550105', status: 'reserved' }])
  const buy = '{"didParams":["4355550105"],"epg":8674,"reason":"for the new office"}'
  const waits = await printed('call', ['call', 'assignDID', buy], [1])
  expect(waits.answer.status).toBe('waiting')
  const wrong = await printed('call', ['call', 'queryDID', '{"did":"12"}'], [1])
  expect(wrong).toMatchObject({ isError: true, error: { code: 'INVALID_INPUT' } })

  const list = await printed('operations', ['operations', '--json', '--tool', 'reserveDID'])
  expect(list).toMatchObject({ version: 1, operations: [{ tool: 'reserveDID', status: 'done' }], more: false })
  const one = await printed('operations ID', ['operations', list.operations[0].id, '--json'])
  expect(one.operation).toEqual(list.operations[0])
  const approvals = await printed('approvals', ['approvals', 'list', '--json'])
  expect(approvals.waiting).toMatchObject([{ id: waits.answer.confirmation.approvalId, tool: 'assignDID' }])
  const account = await printed('audit', ['audit', '--json'])
  expect(account).toMatchObject({ version: 1, environment: 'sandbox', total: 30, doubled: 0 })
  expect(account.dids).toHaveLength(30)
  const entry = await printed('config', ['config', 'codex', '--json'])
  expect(entry).toMatchObject({ version: 1, client: 'codex', key: 'mcp_servers', name: 'did' })
  const seen = await printed('doctor', ['doctor', '--json'], [0, 1])
  expect(seen).toMatchObject({ version: 1, subject: 'the environment of this terminal' })
}, 60_000)

test('audit --csv - prints the table and nothing else', async () => {
  const program = start(['audit', '--csv', '-'], environment())
  expect(await program.ended).toBe(0)
  const lines = program.stdout().split('\r\n')
  expect([lines.length, lines.at(-1), lines[0]?.slice(0, 3)]).toEqual([32, '', 'tn,'])
  expect(program.stderr()).toContain('30 numbers of the sandbox (none of them is real) written')
})

test.each(['[]', '{', 'null', '"x"'])('call: %s is no object, so nothing is called', async (json) => {
  const program = start(['call', 'queryDID', json])
  expect([await program.ended, program.stdout()]).toEqual([2, ''])
  expect(program.stderr()).toBe(
    `The arguments must be one JSON object, as '{"did":"4355550105"}'. Nothing was called.\n`,
  )
})
