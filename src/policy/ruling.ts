import { type Effect, effects, type Rule, rules, type WriteEffect } from '../domain/effect.ts'

/** What a policy knows of a tool. */
export interface PolicyTool {
  readonly name: string
  readonly effect: Effect
}

/** The part of a policy that rules tools. */
export interface Ruled {
  readonly effects: { readonly [effect in WriteEffect]: Rule }
  /** Rules by the name of the tool; they beat `effects`. */
  readonly tools: { readonly [tool: string]: Rule }
}

/** The rule that holds for a tool: its own, else its effect's. A reading tool is allowed unless its own rule denies it. */
export function ruleFor(policy: Ruled, tool: PolicyTool): Rule {
  // hasOwn: a tool called "constructor" must not find an inherited function.
  const own = Object.hasOwn(policy.tools, tool.name) ? policy.tools[tool.name] : undefined
  return own ?? (tool.effect === 'read' ? effects.read.rule : policy.effects[tool.effect])
}

/** The stricter of two rules. */
export function stricter(own: Rule, system: Rule): Rule {
  return rules.indexOf(own) >= rules.indexOf(system) ? own : system
}
