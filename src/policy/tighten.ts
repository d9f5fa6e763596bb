import { type Rule, rules } from '../domain/effect.ts'
import { type Policy, type PolicyTool, ruleFor, type SystemPolicy } from './policy.ts'

/** A policy under a system policy: whatever is asked, at least as strict as each of the two. */
export function tighten(base: Policy, system: SystemPolicy, tools: readonly PolicyTool[]): Policy {
  return {
    effects: {
      hold: stricter(base.effects.hold, system.effects.hold),
      change: stricter(base.effects.change, system.effects.change),
      spend: stricter(base.effects.spend, system.effects.spend),
      destroy: stricter(base.effects.destroy, system.effects.destroy),
    },
    tools: tightenTools(base, system, tools),
    confirmation: tightenConfirmation(base.confirmation, system.confirmation),
    limits: {
      didsPerCall: smaller(base.limits.didsPerCall, system.limits.didsPerCall),
      assignedPerDay: smaller(base.limits.assignedPerDay, system.limits.assignedPerDay),
      releasedPerDay: smaller(base.limits.releasedPerDay, system.limits.releasedPerDay),
      heldAtOnce: smaller(base.limits.heldAtOnce, system.limits.heldAtOnce),
    },
    protected: [...new Set([...base.protected, ...system.protected])].sort(),
    endpointGroups: both(base.endpointGroups, system.endpointGroups),
    tiers: both(base.tiers, system.tiers),
  }
}

function stricter(a: Rule, b: Rule): Rule {
  return rules.indexOf(a) >= rules.indexOf(b) ? a : b
}

/** `tools` beats `effects`, so a tool that either policy names is judged by the rule that holds for it in each. */
function tightenTools(base: Policy, system: SystemPolicy, tools: readonly PolicyTool[]): Policy['tools'] {
  const named = tools.filter(({ name }) => Object.hasOwn(base.tools, name) || Object.hasOwn(system.tools, name))
  return Object.fromEntries(named.map((tool) => [tool.name, stricter(ruleFor(base, tool), ruleFor(system, tool))]))
}

function tightenConfirmation(
  base: Policy['confirmation'],
  system: SystemPolicy['confirmation'],
): Policy['confirmation'] {
  const trust = system.trustElicitation ?? base.trustElicitation
  return {
    mode: base.mode === 'human' || system.mode === 'human' ? 'human' : 'auto',
    // A shorter life leaves less time between preview and use; a shorter wait ends in a decline the sooner.
    expiresInSeconds: Math.min(base.expiresInSeconds, system.expiresInSeconds),
    waitSeconds: Math.min(base.waitSeconds, system.waitSeconds),
    // Neither is the stricter of the two: without trust `auto` falls back to tickets, which ask nobody, and with it a
    // form counts that the client may answer by itself.
    trustElicitation: trust === base.trustElicitation ? trust : 'disputed',
    ticketMaxDids: Math.min(base.ticketMaxDids, system.ticketMaxDids),
  }
}

function smaller(a: number | null, b: number | null): number | null {
  if (a === null) return b
  return b === null ? a : Math.min(a, b)
}

function both<T>(a: readonly T[] | null, b: readonly T[] | null): readonly T[] | null {
  if (a === null) return b
  return b === null ? a : a.filter((one) => b.includes(one))
}
