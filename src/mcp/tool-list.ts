import * as z from 'zod'
import { effects } from '../domain/effect.ts'
import type { Policy } from '../policy/policy.ts'
import type { Tool } from '../tools/tool.ts'
import { offeredTools } from './in-force.ts'

/** A tool as tools/list tells it. */
export interface ListedTool {
  name: string
  title: string
  description: string
  inputSchema: { type: 'object'; [keyword: string]: unknown }
  outputSchema: { type: 'object'; [keyword: string]: unknown }
  annotations: object
}

/** The answer to tools/list, in the table's order, without the tools that the policy denies. */
export function toolList(tools: readonly Tool[], policy: Policy): ListedTool[] {
  return offeredTools(tools, policy).map(listedOnce)
}

/** Schemas are converted once in a process, however many servers it makes; in the built program not at all. */
function listedOnce(tool: Tool): ListedTool {
  const known = listed.get(tool)
  if (known !== undefined) return known
  const described = typeof DID_MCP_TOOL_LIST === 'undefined' ? describe(tool) : built(tool, DID_MCP_TOOL_LIST)
  listed.set(tool, described)
  return described
}

const listed = new WeakMap<Tool, ListedTool>()

/** Takes a tool from the list that scripts/build.mjs has made: converting takes a tenth of a start, and reading it next to nothing. */
function built({ name }: Tool, list: string): ListedTool {
  builtTools ??= new Map((JSON.parse(list) as ListedTool[]).map((tool) => [tool.name, tool]))
  const known = builtTools.get(name)
  if (known === undefined) throw new Error(`${name} is not in the list of the build`)
  return known
}

let builtTools: ReadonlyMap<string, ListedTool> | undefined

function describe(tool: Tool): ListedTool {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: published(tool.input, 'input'),
    outputSchema: published(tool.output, 'output'),
    annotations: effects[tool.effect].annotations,
  }
}

/** A schema as the protocol wants it, without what says nothing: tokens are paid for at every turn. */
function published(schema: z.ZodObject, io: 'input' | 'output'): ListedTool['inputSchema'] {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => {
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
      // The keys of a tally are words of the carrier: any string.
      if (jsonSchema.propertyNames) delete jsonSchema.propertyNames
      // An empty schema is a bare `true`, at which strict clients stumble; an open object is open without it.
      const { additionalProperties: others } = jsonSchema
      if (typeof others === 'object' && Object.keys(others).length === 0) delete jsonSchema.additionalProperties
    },
  })
  return { ...json, type: 'object' } as ListedTool['inputSchema']
}
