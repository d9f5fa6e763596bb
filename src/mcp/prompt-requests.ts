import { quote } from '../domain/untrusted.ts'
import { Refusal } from '../operations/refusal.ts'
import type { FaceOptions } from './context.ts'
import { environmentMeta, sandboxLine } from './environment.ts'
import { deniedNow, deniedTool } from './in-force.ts'
import { parseInput } from './input.ts'
import { type Prompt, prompts } from './prompts.ts'

export function listPrompts(options: FaceOptions) {
  return { prompts: offeredPrompts(options).map(describe), _meta: environmentMeta(options.environment) }
}

/** The text of one prompt, with what the person filled in. */
export function getPrompt(asked: string, args: Readonly<Record<string, unknown>>, options: FaceOptions) {
  const prompt = prompts.find(({ name }) => name === asked)
  if (prompt === undefined) {
    const known = offeredPrompts(options).map(({ name }) => name)
    throw new Refusal('INVALID_INPUT', `There is no prompt ${quote(asked, 40)}.`, {
      next: `The prompts are: ${known.join(', ')}.`,
    })
  }
  const [denied] = prompt.tools.flatMap((name) => deniedNow(name, options) ?? [])
  if (denied !== undefined) throw deniedTool(denied)
  const { environment } = options
  const lines = [...prompt.text(parseInput(prompt, filledIn(args))), ...sandboxLine(environment)]
  return {
    description: prompt.description,
    messages: [{ role: 'user', content: { type: 'text', text: lines.join('\n') } }],
    _meta: environmentMeta(environment),
  }
}

/** The prompts whose tools the policy does not deny. */
export function offeredPrompts(options: FaceOptions): readonly Prompt[] {
  return prompts.filter(({ tools }) => tools.every((name) => deniedNow(name, options) === undefined))
}

/** A client shows a form, and sends what was left empty as empty. */
function filledIn(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(args).flatMap(([name, value]) => {
      // Arguments of prompts are texts; a client that knows a number for one may send it as it is.
      const text = typeof value === 'number' ? String(value) : value
      if (typeof text !== 'string') return text === null ? [] : [[name, text]]
      return text.trim() ? [[name, text.trim()]] : []
    }),
  )
}

function describe({ name, title, description, input }: Prompt) {
  const args = Object.entries(input.shape).map(([name, schema]) => ({
    name,
    description: schema.description,
    required: !schema.safeParse(undefined).success,
  }))
  return { name, title, description, arguments: args }
}
