import type { Effect } from '../domain/effect.ts'
import { Refusal } from '../operations/refusal.ts'
import type { Policy } from '../policy/policy.ts'
import { ruleFor } from '../policy/ruling.ts'
import { PolicyUnreadable } from '../policy/source.ts'
import type { Tool } from '../tools/tool.ts'
import type { FaceOptions } from './context.ts'

/**
 * What is in force. A policy that cannot be read any more still stands for reading, as it was; nothing is written then.
 *
 * @throws PolicyUnreadable for a write.
 */
export function policyFor(effect: Effect, policy: () => Policy): Policy {
  return effect === 'read' ? inForceOf(policy).inForce : policy()
}

/** What stands for reading, and the problem of a policy that cannot be read any more. */
export function inForceOf(policy: () => Policy): { inForce: Policy; problem?: string } {
  try {
    return { inForce: policy() }
  } catch (error) {
    if (!(error instanceof PolicyUnreadable)) throw error
    return { inForce: error.last, problem: error.message }
  }
}

/** The tools that the policy does not deny. */
export function offeredTools(tools: readonly Tool[], policy: Policy): readonly Tool[] {
  return tools.filter((tool) => ruleFor(policy, tool) !== 'deny')
}

/** The tool of this name where the policy denies it: then whatever needs it, or shows the same, is denied with it. */
export function deniedNow(name: string, { tools, policy }: Pick<FaceOptions, 'tools' | 'policy'>) {
  const tool = tools.find((one) => one.name === name)
  return tool !== undefined && ruleFor(policyFor('read', policy), tool) === 'deny' ? tool : undefined
}

export function deniedTool({ name, effect }: Tool): Refusal {
  return new Refusal('POLICY_DENIED', `${name} is denied by the policy in force.`, {
    next: 'Only a person can change the policy (DID_MCP_POLICY, or the system policy). Do not look for another way to do it.',
    details: { tool: name, effect },
  })
}
