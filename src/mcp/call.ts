import type { Server } from '@modelcontextprotocol/sdk/server/index.js'
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js'
import type { CallToolResult, ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js'
import { visible } from '../carrier/untrusted.ts'
import { Refusal } from '../operations/refusal.ts'
import type { Effect } from '../policy/effect.ts'
import { type Policy, ruleFor } from '../policy/policy.ts'
import { PolicyUnreadable } from '../policy/source.ts'
import type { Tool } from '../tools/tool.ts'
import { confirmerFor } from './elicit.ts'
import { errorResult, failureOf } from './errors.ts'
import { parseInput } from './input.ts'
import { type Progress, progressFor } from './progress.ts'
import { renderResult } from './render.ts'
import type { McpServerOptions } from './server.ts'

/** What the SDK says of a request beside its arguments. */
export type CallContext = RequestHandlerExtra<ServerRequest, ServerNotification>

/** One tools/call from arguments to result. Never rejects: this is the boundary, and everything is caught here. */
export async function callTool(
  server: Server,
  options: McpServerOptions,
  asked: { name: string; arguments?: Record<string, unknown> | undefined },
  context: CallContext,
): Promise<CallToolResult> {
  const progress = progressFor(context)
  const tool = options.tools.find(({ name }) => name === asked.name)
  try {
    if (tool === undefined) throw unknownTool(asked.name, options.tools)
    if (ruleFor(policyFor(tool.effect, options.policy), tool) === 'deny') throw deniedTool(tool)
    const answer = await run(tool, asked.arguments ?? {}, { server, options, context, progress })
    return renderResult(answer, options.environment)
  } catch (error) {
    const call = { tool: tool?.name ?? 'the call', writes: tool !== undefined && tool.effect !== 'read' }
    return errorResult(failureOf(error, call, options.log), options.environment)
  } finally {
    progress.end()
  }
}

/** What is in force. A policy that cannot be read any more still stands for reading, as it was; nothing is written then. */
export function policyFor(effect: Effect, policy: () => Policy): Policy {
  try {
    return policy()
  } catch (error) {
    if (!(error instanceof PolicyUnreadable)) throw error
    if (effect === 'read') return error.last
    throw new Refusal('POLICY_DENIED', error.message, { next: 'A person must mend the policy file; then call again.' })
  }
}

interface Running {
  server: Server
  options: McpServerOptions
  context: CallContext
  progress: Progress
}

async function run(tool: Tool, args: object, { server, options, context, progress }: Running): Promise<object> {
  const { signal } = context
  if ('read' in tool) {
    return tool.read(parseInput(tool, args), { ...options.sources, signal, progress: progress.report })
  }
  const request = tool.request(parseInput(tool, args))
  const caller = {
    name: options.callerName,
    confirmer: confirmerFor(server, context, progress),
    signal,
    progress: progress.report,
  }
  return options.perform({ tool: { name: tool.name, effect: tool.effect }, ...request }, caller)
}

function unknownTool(name: string, tools: readonly Tool[]): Refusal {
  return new Refusal('INVALID_INPUT', `There is no tool "${visible(name, 40)}".`, {
    next: `The tools are: ${tools.map(({ name }) => name).join(', ')}.`,
  })
}

function deniedTool({ name, effect }: Tool): Refusal {
  return new Refusal('POLICY_DENIED', `${name} is denied by the policy in force.`, {
    next: 'Only a person can change the policy (DID_MCP_POLICY, or the system policy). Do not look for another way to do it.',
    details: { tool: name, effect },
  })
}
