import type { Used } from '../domain/budget.ts'
import type { Effect } from '../domain/effect.ts'
import { removals } from '../domain/write-tool.ts'
import { type Policy, protectedBy } from './policy.ts'
import { type PolicyTool, ruleFor } from './ruling.ts'
import type { Limit } from './setting.ts'
import { settings } from './settings.ts'

/** A call as the policy sees it, before anything is asked of the carrier. */
export interface AskedCall {
  readonly tool: PolicyTool
  /** One row per number: ten digits, and the endpoint group where the call states one. */
  readonly rows: readonly PolicyRow[]
  readonly used: Used
}

/** A row as the policy sees it: where it is to be routed, as far as the call says. */
interface PolicyRow {
  readonly tn: string
  readonly epg?: number | undefined
  readonly failover?: string | undefined
  readonly forward?: string | undefined
}

export type Decision =
  | { verdict: 'allow' }
  | { verdict: 'confirm' }
  | {
      verdict: 'deny'
      code: 'POLICY_DENIED' | 'LIMIT_EXCEEDED'
      /** The reason for a person: which rule, which numbers (at most ten), what may be done instead. */
      reason: string
      /** Every number at fault, where single numbers are. */
      tns?: readonly string[]
    }

/**
 * Whether a call may go ahead, needs a yes, or is refused. Pure; the first wall that refuses speaks.
 * Tiers are the one thing not decided here, because only the carrier knows them: see `tierAllowed`.
 */
export function decide(policy: Policy, asked: AskedCall): Decision {
  const rule = ruleFor(policy, asked.tool)
  if (rule === 'deny') return deniedTool(policy, asked.tool)
  if (asked.tool.effect === 'read') return { verdict: 'allow' }
  const [refusal] = refusals(policy, asked)
  return refusal ?? { verdict: rule }
}

/** Everything but the tool's own rule that stands in the way of a call, in the order in which `decide` would say it. Pure. */
export function refusals(policy: Policy, asked: AskedCall): readonly Denial[] {
  return walls.flatMap((wall) => wall(policy, asked) ?? [])
}

export type Denial = Extract<Decision, { verdict: 'deny' }>

const walls: readonly ((policy: Policy, asked: AskedCall) => Denial | undefined)[] = [
  protectedNumbers,
  endpointGroups,
  targets,
  numbersPerCall,
  budget,
]

function deniedTool(policy: Policy, tool: PolicyTool): Denial {
  const key = Object.hasOwn(policy.tools, tool.name) ? `tools.${tool.name}` : `effects.${tool.effect}`
  return {
    verdict: 'deny',
    code: 'POLICY_DENIED',
    reason: `The policy denies ${tool.name} (${key} is "deny"). Only whoever keeps the policy file can allow it.`,
  }
}

function protectedNumbers(policy: Policy, { tool, rows }: AskedCall): Denial | undefined {
  const guarded = tool.effect === 'change' || tool.effect === 'destroy' || removals.has(tool.name)
  if (!guarded) return undefined
  const hits = rows.flatMap(({ tn }) => {
    const entry = protectedBy(policy, tn)
    return entry === undefined ? [] : [{ tn, entry }]
  })
  if (hits.length === 0) return undefined
  const tns = hits.map(({ tn }) => tn)
  const entries = [...new Set(hits.map(({ entry }) => entry))]
  return {
    verdict: 'deny',
    code: 'POLICY_DENIED',
    reason:
      `The policy protects ${some(tns)} (protected: ${some(entries)}). ` +
      'Protected numbers are never reconfigured or released, whoever confirms. ' +
      (tns.length < rows.length ? 'Call again without them.' : 'Only whoever keeps the policy file can lift this.'),
    tns,
  }
}

const routes: readonly Effect[] = ['hold', 'change', 'spend']

function endpointGroups(policy: Policy, { tool, rows }: AskedCall): Denial | undefined {
  const allowed = policy.endpointGroups
  if (allowed === null || !routes.includes(tool.effect)) return undefined
  const hits = rows.filter(({ epg }) => epg !== undefined && !allowed.includes(epg))
  if (hits.length === 0) return undefined
  const tns = hits.map(({ tn }) => tn)
  const groups = [...new Set(hits.map(({ epg }) => epg))]
  return {
    verdict: 'deny',
    code: 'POLICY_DENIED',
    reason:
      `The policy does not allow endpoint group ${some(groups)} (endpointGroups), asked for ${some(tns)}. ` +
      (allowed.length > 0 ? `Use one of ${some(allowed)}.` : 'It allows none.'),
    tns,
  }
}

/** Failover and forward: free where endpoint groups are, else only to what is named. */
function targets(policy: Policy, { rows }: AskedCall): Denial | undefined {
  if (policy.endpointGroups === null) return undefined
  const hits = rows.flatMap(({ tn, failover, forward }) => {
    const target = failover ?? forward
    return target === undefined || target === '' || policy.forwardTo.includes(target) ? [] : [{ tn, target }]
  })
  if (hits.length === 0) return undefined
  const tns = hits.map(({ tn }) => tn)
  return {
    verdict: 'deny',
    code: 'POLICY_DENIED',
    reason:
      `The policy limits endpoint groups, and failover and forward go only where it names the target (forwardTo); asked for ${some(tns)}. ` +
      (policy.forwardTo.length > 0 ? `Use one of ${some(policy.forwardTo)}.` : 'It names none.'),
    tns,
  }
}

function numbersPerCall({ limits }: Policy, { rows }: AskedCall): Denial | undefined {
  const limit = limits.didsPerCall
  if (limit === null || rows.length <= limit) return undefined
  return {
    verdict: 'deny',
    code: 'LIMIT_EXCEEDED',
    reason: `The call names ${count(rows.length)}; the policy allows ${limit} in one call (limits.didsPerCall). Make several calls of at most ${limit}.`,
  }
}

/** What a call draws on, and when that comes back: each limit with a budget for its effect. Config draws on nothing. */
function budget({ limits }: Policy, { tool, rows, used }: AskedCall): Denial | undefined {
  for (const [name, { budget }] of limitsByName) {
    const limit = limits[name]
    if (budget?.effect !== tool.effect || limit === null) continue
    const taken = budget.taken(used)
    if (taken + rows.length <= limit) continue
    const left = Math.max(0, limit - taken)
    return {
      verdict: 'deny',
      code: 'LIMIT_EXCEEDED',
      reason:
        `The policy allows ${count(limit)} ${budget.words} (limits.${name}); ${taken} used, ${rows.length} asked, ${left} left. ` +
        (left > 0 ? `Ask for at most ${left} now. ` : '') +
        `${budget.back}.`,
    }
  }
  return undefined
}

const limitsByName = Object.entries(settings.limits.parts) as [keyof Policy['limits'], Limit][]

function count(numbers: number): string {
  return `${numbers} number${numbers === 1 ? '' : 's'}`
}

/** The first of a list, ten at most, and how many more there are. */
function some(list: readonly unknown[]): string {
  const shown = list.slice(0, 10).join(', ')
  return list.length > 10 ? `${shown} and ${list.length - 10} more` : shown
}
