import * as z from 'zod'
import type { Parts, Policy, SystemPolicy } from './policy.ts'
import type { PolicyTool } from './ruling.ts'
import { settings } from './settings.ts'

/** An object that refuses unknown keys, naming those it knows. */
const section = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: ({ code }) =>
      code === 'unrecognized_keys' ? `known here: ${Object.keys(shape).join(', ')}` : 'must be an object',
  })

/** The policy file. A key left out keeps its built-in value. */
const policyFile = section({
  $schema: z.string({ error: 'must be the address of a JSON Schema' }).optional(),
  ...schemas(settings, 'builtIn'),
})

/** The same for the whole machine. A key left out says nothing. */
const systemPolicyFile = section({ $schema: policyFile.shape.$schema, ...schemas(settings, 'silent') })

function schemas(parts: Parts, leftOut: 'builtIn' | 'silent'): z.ZodRawShape {
  return Object.fromEntries(
    Object.entries(parts).map(([name, part]) => {
      const schema =
        'parts' in part
          ? section(schemas(part.parts, leftOut)).prefault({})
          : part[leftOut] === undefined
            ? part.schema.optional()
            : part.schema.default(part[leftOut])
      return [name, part.meaning === undefined ? schema : schema.describe(part.meaning)]
    }),
  )
}

/** The JSON Schema of the policy file, shipped as `policy.schema.json` (scripts/policy-schema.mjs writes it). */
export function policySchema(): object {
  return { title: 'did-mcp policy', ...z.toJSONSchema(policyFile, { io: 'input' }) }
}

/**
 * Reads a policy file's JSON against the tools there are, filling what it leaves out with the built-in values.
 * Every problem is named at once, each by its key and with what is expected.
 */
export function parsePolicy(json: unknown, tools: readonly PolicyTool[]): { policy: Policy } | { problems: string[] } {
  return parseBy(policyFile, json, tools)
}

/** The same of a system policy: a key that it leaves out says nothing: merged, any value stays as it is. */
export function parseSystemPolicy(
  json: unknown,
  tools: readonly PolicyTool[],
): { policy: SystemPolicy } | { problems: string[] } {
  return parseBy(systemPolicyFile, json, tools)
}

function parseBy(
  schema: z.ZodObject,
  json: unknown,
  tools: readonly PolicyTool[],
): { policy: Policy } | { problems: string[] } {
  const parsed = schema.safeParse(json)
  const problems = [
    ...(parsed.error?.issues ?? []).flatMap((issue) => words(issue, json)),
    ...toolProblems(json, tools),
  ]
  if (!parsed.success || problems.length > 0) return { problems }
  const { $schema: _, ...policy } = parsed.data
  return { policy: policy as unknown as Policy }
}

function words(issue: z.core.$ZodIssue, json: unknown): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `unknown key ${place([...issue.path, key])} (${issue.message})`)
  }
  const found = issue.path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)[key], json)
  return [`${place(issue.path)} ${issue.message}, but is ${quoted(found)}`]
}

/** Read from the file's own keys, because a schema library may skip the odd ones (`__proto__`). */
function toolProblems(json: unknown, tools: readonly PolicyTool[]): string[] {
  const stated = isRecord(json) ? json.tools : undefined
  if (!isRecord(stated)) return []
  return Object.entries(stated).flatMap(([name, stands]) => {
    const tool = tools.find((one) => one.name === name)
    if (tool === undefined) {
      return [`unknown tool ${place(['tools', name])} (known: ${tools.map((one) => one.name).join(', ')})`]
    }
    if (tool.effect === 'read' && stands === 'confirm') {
      return [`tools.${name} is "confirm", but ${name} only reads: "deny" hides it, "allow" shows it`]
    }
    return []
  })
}

function place(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'the policy' : path.map((key) => String(key).slice(0, 60)).join('.')
}

function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing'
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
