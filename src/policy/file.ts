import * as z from 'zod'
import { rules } from '../domain/effect.ts'
import {
  builtIn,
  confirmationModes,
  mostByTicket,
  mostSeconds,
  type Policy,
  type PolicyTool,
  type SystemPolicy,
  silent,
} from './policy.ts'

const rule = z.enum(rules, { error: 'must be "allow", "confirm" or "deny"' })

/** A whole number in bounds; the words of a problem name them. */
const whole = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`
  return z.number({ error }).int({ error }).min(least, { error }).max(most, { error })
}

const limit = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}, or null for no limit`
  return z.number({ error }).int({ error }).min(least, { error }).max(most, { error }).nullable()
}

/** An object that refuses unknown keys, naming those it knows. */
const section = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: ({ code }) =>
      code === 'unrecognized_keys' ? `known here: ${Object.keys(shape).join(', ')}` : 'must be an object',
  })

const pattern = 'must be ten digits, or one to nine leading digits and "*", like "4352154006" or "800*"'
const group = 'must be an endpoint group id: a whole number of at least 1'
const tier = 'must be a tier in quotes, like "1"'

/** The policy file. A key left out keeps its built-in value. */
const policyFile = section({
  $schema: z.string({ error: 'must be the address of a JSON Schema' }).optional(),
  effects: section({
    hold: rule.default(builtIn.effects.hold).describe('reserveDID: takes numbers off the shelf for 30 minutes'),
    change: rule.default(builtIn.effects.change).describe('configDID: re-routes or reconfigures numbers in service'),
    spend: rule.default(builtIn.effects.spend).describe('assignDID: billing starts'),
    destroy: rule.default(builtIn.effects.destroy).describe('releaseDID: cannot be undone'),
  })
    .prefault({})
    .describe('What may be done, and what needs a yes'),
  tools: z
    .record(z.string(), rule, {
      error: (issue) => (issue.code === 'invalid_type' ? 'must be an object' : undefined),
    })
    .default({})
    .describe('Rules for single tools; they beat effects. On a reading tool, deny hides it and confirm is an error'),
  confirmation: section({
    mode: z
      .enum(confirmationModes, { error: 'must be "auto" or "human"' })
      .default(builtIn.confirmation.mode)
      .describe('Where the client cannot ask a person: auto gives the model a ticket, human waits for an approval'),
    expiresInSeconds: whole(1, mostSeconds.expires)
      .default(builtIn.confirmation.expiresInSeconds)
      .describe('How long a ticket may be used'),
    waitSeconds: whole(1, mostSeconds.wait)
      .default(builtIn.confirmation.waitSeconds)
      .describe('How long a person is waited for inside a call; many clients end a call after 60 seconds'),
    trustElicitation: z
      .boolean({ error: 'must be true or false' })
      .default(builtIn.confirmation.trustElicitation === true)
      .describe('False for clients that declare elicitation and never show it'),
    ticketMaxDids: whole(0, mostByTicket)
      .default(builtIn.confirmation.ticketMaxDids)
      .describe('How many numbers one ticket covers for assignDID and releaseDID; more wait for an approval'),
  }).prefault({}),
  limits: section({
    didsPerCall: limit(1, 1000).default(builtIn.limits.didsPerCall).describe('Numbers in one writing call'),
    assignedPerDay: limit(0, 1_000_000)
      .default(builtIn.limits.assignedPerDay)
      .describe('Numbers assigned in any 24 hours'),
    releasedPerDay: limit(0, 1_000_000)
      .default(builtIn.limits.releasedPerDay)
      .describe('Numbers released in any 24 hours'),
    heldAtOnce: limit(0, 1_000_000).default(builtIn.limits.heldAtOnce).describe('Numbers reserved at one time'),
  })
    .prefault({})
    .describe('null lifts a limit'),
  protected: z
    .array(z.string({ error: pattern }).regex(/^(?:[0-9]{10}|[0-9]{1,9}\*)$/, { error: pattern }), {
      error: 'must be a list of numbers',
    })
    .default([])
    .describe('Numbers that are never released or reconfigured, whoever confirms: ten digits, or leading digits and *'),
  endpointGroups: z
    .array(z.number({ error: group }).int({ error: group }).min(1, { error: group }), {
      error: 'must be a list of endpoint group ids, or null for every one',
    })
    .nullable()
    .default(null)
    .describe('Where numbers may be routed; null allows every endpoint group'),
  tiers: z
    .array(z.string({ error: tier }).regex(/^[0-9]+$/, { error: tier }), {
      error: 'must be a list of tiers, or null for every one',
    })
    .nullable()
    .default(null)
    .describe('Which tiers may be bought; null allows every tier. Where tiers are limited, an unknown tier is refused'),
})

/** The JSON Schema of the policy file, shipped as `policy.schema.json` (scripts/policy-schema.mjs writes it). */
export function policySchema(): object {
  return { title: 'did-mcp policy', ...z.toJSONSchema(policyFile, { io: 'input' }) }
}

/**
 * Reads a policy file's JSON against the tools there are, filling what it leaves out with the built-in values.
 * Every problem is named at once, each by its key and with what is expected.
 */
export function parsePolicy(json: unknown, tools: readonly PolicyTool[]): { policy: Policy } | { problems: string[] } {
  const parsed = policyFile.safeParse(json)
  const problems = [
    ...(parsed.error?.issues ?? []).flatMap((issue) => words(issue, json)),
    ...toolProblems(json, tools),
  ]
  if (!parsed.success || problems.length > 0) return { problems }
  const { $schema: _, ...policy } = parsed.data
  return { policy }
}

/** The same of a system policy: a key that it leaves out says nothing, see {@link silent}. */
export function parseSystemPolicy(
  json: unknown,
  tools: readonly PolicyTool[],
): { policy: SystemPolicy } | { problems: string[] } {
  const parsed = parsePolicy(withSilence(json), tools)
  if ('problems' in parsed || trustStated.safeParse(json).success) return parsed
  const { confirmation, ...policy } = parsed.policy
  return { policy: { ...policy, confirmation: { ...confirmation, trustElicitation: undefined } } }
}

/** What a file says, in the sections whose built-in values say something, over what says nothing. */
function withSilence(json: unknown): unknown {
  if (!isRecord(json)) return json
  const { trustElicitation: _, ...confirmation } = silent.confirmation
  const sections = Object.entries({ effects: silent.effects, confirmation, limits: silent.limits })
  const filled = sections.map(([name, nothing]) => {
    const stated = Object.hasOwn(json, name) ? json[name] : {}
    return [name, isRecord(stated) ? { ...nothing, ...stated } : stated]
  })
  return { ...json, ...Object.fromEntries(filled) }
}

const trustStated = z.object({ confirmation: z.object({ trustElicitation: z.boolean() }) })

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
