import type { GetPromptRequest, GetPromptResult, ListPromptsResult } from '@modelcontextprotocol/sdk/types.js'
import { quote } from '../domain/untrusted.ts'
import { Refusal } from '../operations/refusal.ts'
import type { McpServerOptions } from './context.ts'
import { environmentMeta, sandboxLine } from './environment.ts'
import { deniedNow, deniedTool } from './in-force.ts'
import { parseInput } from './input.ts'
import { type Prompt, prompts } from './prompts.ts'

export function listPrompts(options: McpServerOptions): ListPromptsResult {
  return { prompts: offeredPrompts(options).map(describe), _meta: environmentMeta(options.environment) }
}

export function getPrompt(asked: GetPromptRequest['params'], options: McpServerOptions): GetPromptResult {
  const prompt = prompts.find(({ name }) => name === asked.name)
  if (prompt === undefined) {
    const known = offeredPrompts(options).map(({ name }) => name)
    throw new Refusal('INVALID_INPUT', `There is no prompt ${quote(asked.name, 40)}.`, {
      next: `The prompts are: ${known.join(', ')}.`,
    })
  }
  const [denied] = prompt.tools.flatMap((name) => deniedNow(name, options) ?? [])
  if (denied !== undefined) throw deniedTool(denied)
  const { environment } = options
  const lines = [...prompt.text(parseInput(prompt, filledIn(asked.arguments ?? {}))), ...sandboxLine(environment)]
  return {
    description: prompt.description,
    messages: [{ role: 'user', content: { type: 'text', text: lines.join('\n') } }],
    _meta: environmentMeta(environment),
  }
}

/** Those whose tools the policy does not deny. */
export function offeredPrompts(options: McpServerOptions): readonly Prompt[] {
  return prompts.filter(({ tools }) => tools.every((name) => deniedNow(name, options) === undefined))
}

/** A client shows a form, and sends what was left empty as empty. */
function filledIn(args: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(args).flatMap(([name, text]) => (text.trim() ? [[name, text.trim()]] : [])))
}

function describe({ name, title, description, input }: Prompt) {
  const args = Object.entries(input.shape).map(([name, schema]) => ({
    name,
    description: schema.description,
    required: !schema.safeParse(undefined).success,
  }))
  return { name, title, description, arguments: args }
}
