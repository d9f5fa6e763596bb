import { type Rule, rules } from '../domain/effect.ts'
import type { Parts, Policy } from './policy.ts'
import { type PolicyTool, ruleFor } from './ruling.ts'
import { settings } from './settings.ts'

/** What is in force, one line for each thing that a person would ask. Long lists are cut; the policy itself has them whole. */
export function inWords(policy: Policy, tools: readonly PolicyTool[]): string[] {
  const { mode, ticketMaxDids, trustElicitation } = policy.confirmation
  const ruled = rules.flatMap((rule) => {
    const named = tools.filter((tool) => ruleFor(policy, tool) === rule && (tool.effect !== 'read' || rule === 'deny'))
    return named.length > 0 ? [`${named.map(({ name }) => name).join(', ')} ${words[rule]}`] : []
  })
  const person = {
    true: 'by a person in the client; where it cannot ask, ',
    false: '',
    disputed: 'by a person with did-mcp approvals where the client can ask; where it cannot, ',
  }[`${trustElicitation}`]
  const instead =
    mode === 'human'
      ? 'by a person with did-mcp approvals'
      : `by a ticket (at most ${ticketMaxDids} numbers where it costs money or cannot be undone)`
  return [
    ruled.join('; '),
    ...(tools.some((tool) => ruleFor(policy, tool) === 'confirm') ? [`yes is said ${person}${instead}`] : []),
    told(settings.limits.parts, policy.limits),
    told(settings, policy),
  ]
}

const words: { readonly [rule in Rule]: string } = {
  allow: 'allowed',
  confirm: 'after a yes',
  deny: 'denied',
}

function told(parts: Parts, values: { readonly [name: string]: unknown }): string {
  const named = Object.entries(parts).flatMap(([name, part]) => {
    const words = 'parts' in part ? undefined : part.tell?.(values[name])
    return words === undefined || 'parts' in part ? [] : [`${part.called}: ${words}`]
  })
  return named.join('; ')
}
