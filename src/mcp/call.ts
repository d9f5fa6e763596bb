import { harmless, quote } from '../domain/untrusted.ts'
import { Refusal } from '../operations/refusal.ts'
import { ruleFor } from '../policy/ruling.ts'
import type { Tool } from '../tools/tool.ts'
import type { FaceOptions, RequestContext } from './context.ts'
import { formsOf, performAsking } from './elicit.ts'
import { errorResult, failureOf } from './error-results.ts'
import { deniedTool, offeredTools, policyFor } from './in-force.ts'
import { parseInput } from './input.ts'
import { type Progress, progressFor } from './progress.ts'
import { renderResult, type ToolResult } from './render.ts'

/** One tools/call from arguments to result. Never rejects: this is the boundary, and everything is caught here. */
export async function callTool(
  options: FaceOptions,
  asked: { name: string; arguments?: Record<string, unknown> | undefined },
  context: RequestContext,
): Promise<ToolResult> {
  const progress = progressFor(context)
  const tool = options.tools.find(({ name }) => name === asked.name)
  try {
    if (tool === undefined) throw unknownTool(asked.name, options)
    if (ruleFor(policyFor(tool.effect, options.policy), tool) === 'deny') throw deniedTool(tool)
    const answer = await run(tool, asked.arguments ?? {}, { options, context, progress })
    return renderResult(answer, options.environment, tool.output)
  } catch (error) {
    const call = { tool: tool?.name ?? 'the call', writes: tool !== undefined && tool.effect !== 'read' }
    return errorResult(failureOf(error, call, options.log), options.environment)
  } finally {
    progress.end()
  }
}

interface Running {
  options: FaceOptions
  context: RequestContext
  progress: Progress
}

/** The most characters of the name that a client claims. */
const mostOfClient = 60

async function run(tool: Tool, args: object, { options, context, progress }: Running): Promise<object> {
  const { signal } = context
  if ('read' in tool) {
    const answer = await tool.read(parseInput(tool, args), { ...options.sources, signal, progress: progress.report })
    return { environment: options.environment, ...answer }
  }
  const request = tool.request(parseInput(tool, args))
  const client = context.client && harmless(context.client, mostOfClient)
  const caller = { name: context.caller, ...(client && { client }), signal, progress: progress.report }
  const write = { tool: { name: tool.name, effect: tool.effect }, ...request }
  return performAsking(options.perform, write, caller, formsOf(context, progress))
}

function unknownTool(name: string, { tools, policy }: FaceOptions): Refusal {
  const known = offeredTools(tools, policyFor('read', policy)).map(({ name }) => name)
  return new Refusal('INVALID_INPUT', `There is no tool ${quote(name, 40)}.`, {
    next: `The tools are: ${known.join(', ')}.`,
  })
}
