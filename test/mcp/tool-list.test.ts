import { afterAll, describe, expect, test } from 'vitest'
import { builtIn, type Policy } from '../../src/policy/policy.ts'
import { PolicyUnreadable } from '../../src/policy/source.ts'
import { openStage } from '../support/stage.ts'

let policy: () => Policy = () => builtIn
const stage = await openStage({ policy: () => policy() })
afterAll(() => stage.close())

const list = async () => (await stage.client.listTools()).tools

const reading = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true }
const holding = { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true }
const acting = { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true }

describe('tools/list', () => {
  test('lists the eleven tools in reading order, each with the hints of its effect', async () => {
    expect((await list()).map(({ name, title, annotations }) => [name, title, annotations])).toEqual([
      ['auditDIDs', 'Audit DIDs', reading],
      ['queryDID', 'Query DIDs', reading],
      ['getDIDs', 'Search available DIDs', reading],
      ['getDIDCount', 'Count available DIDs', reading],
      ['isPortable', 'Check portability', reading],
      ['getPortDetails', 'Port order details', reading],
      ['reserveDID', 'Reserve DIDs', holding],
      ['assignDID', 'Assign DIDs', acting],
      ['configDID', 'Configure DIDs', acting],
      ['releaseDID', 'Release DIDs', acting],
      ['listOperations', 'List operations', reading],
    ])
  })

  test('is worth its tokens: 11 KB for what a model reads, 28 KB in all', async () => {
    const tools = await list()
    const read = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }))
    expect(bytesOf(read)).toBeLessThanOrEqual(11 * 1024)
    expect(bytesOf({ tools })).toBeLessThanOrEqual(28 * 1024)
  })

  test('refuses unknown keys everywhere, in and out, but in the tallies of the audit and the facts of the writes', async () => {
    const open = (await list()).flatMap(({ name, inputSchema, outputSchema }) =>
      objectsIn([inputSchema, outputSchema]).flatMap((schema) =>
        'additionalProperties' in schema && schema.additionalProperties === false ? [] : [{ name, schema }],
      ),
    )
    const tally = { type: 'object', additionalProperties: { type: 'integer' } }
    const facts = { type: 'object' }
    const seen = { ...facts, description: 'as answered or seen since, not as asked' }
    expect(open).toEqual([
      ...Array.from({ length: 4 }, () => ({ name: 'auditDIDs', schema: tally })),
      ...['reserveDID', 'assignDID', 'configDID', 'releaseDID', 'listOperations'].flatMap((name) =>
        [facts, seen].map((schema) => ({ name, schema })),
      ),
    ])
  })

  test('publishes forms that every client can take: no choice of types anywhere, no least length of what may be left out', async () => {
    for (const { name, inputSchema } of await list()) {
      const nodes = nodesIn(inputSchema)
      const choices = nodes.filter((node) =>
        ['anyOf', 'oneOf', 'allOf', 'not', '$ref', 'const'].some((key) => key in node),
      )
      expect([name, choices]).toEqual([name, []])
      expect([name, nodes.filter(({ type }) => Array.isArray(type))]).toEqual([name, []])
      const optional = nodes.flatMap(({ properties = {}, required = [] }) =>
        Object.entries(properties).filter(([key]) => !required.includes(key)),
      )
      expect([name, optional.filter(([, schema]) => 'minLength' in schema)]).toEqual([name, []])
    }
  })

  test('shows what a number looks like wherever one is asked for', async () => {
    const asked = (await list())
      .flatMap(({ inputSchema }) => nodesIn(inputSchema))
      .flatMap(({ properties = {} }) =>
        ['did', 'tn', 'didParams'].flatMap((key) => (properties[key] ? [JSON.stringify(properties[key])] : [])),
      )
    expect(asked.length).toBeGreaterThanOrEqual(7)
    expect(asked.filter((schema) => !schema.includes('4352154006'))).toEqual([])
  })

  test('says the same at every time of asking, word for word', async () => {
    const tools = await list()
    expect(await list()).toEqual(tools)
    expect(tools).toMatchSnapshot()
  })

  test('leaves out what the policy denies, from the moment that it does', async () => {
    policy = () => ({ ...builtIn, effects: { ...builtIn.effects, spend: 'deny' }, tools: { releaseDID: 'deny' } })
    const names = (await list()).map(({ name }) => name)
    expect(names).not.toContain('assignDID')
    expect(names).not.toContain('releaseDID')
    expect(names).toHaveLength(9)
    policy = () => builtIn
    expect(await list()).toHaveLength(11)
  })

  test('stays as it was where the policy can no longer be read', async () => {
    policy = () => {
      throw new PolicyUnreadable(['/etc/policy.json: not JSON'], { ...builtIn, tools: { releaseDID: 'deny' } })
    }
    const names = (await list()).map(({ name }) => name)
    policy = () => builtIn
    expect(names).toHaveLength(10)
    expect(names).not.toContain('releaseDID')
  })
})

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

/** Every schema of an object inside a schema. */
function objectsIn(schema: unknown): object[] {
  if (typeof schema !== 'object' || schema === null) return []
  const inner = Object.values(schema).flatMap(objectsIn)
  return 'type' in schema && schema.type === 'object' ? [schema, ...inner] : inner
}

interface Node {
  type?: unknown
  properties?: Readonly<Record<string, object>>
  required?: readonly string[]
}

/** Every schema inside a schema; the maps of properties are none themselves. */
function nodesIn(schema: unknown): Node[] {
  if (typeof schema !== 'object' || schema === null) return []
  if (Array.isArray(schema)) return schema.flatMap(nodesIn)
  const { properties = {}, ...rest } = schema as Node
  return [schema, ...Object.values(properties).flatMap(nodesIn), ...Object.values(rest).flatMap(nodesIn)]
}
