import type { Rule } from './effect.ts'
import { type Policy, type PolicyTool, ruleFor } from './policy.ts'

/** What is in force, one line for each thing that a person would ask. Long lists are cut; the policy itself has them whole. */
export function inWords(policy: Policy, tools: readonly PolicyTool[]): string[] {
  const { mode, ticketMaxDids, trustElicitation } = policy.confirmation
  const { didsPerCall, assignedPerDay, releasedPerDay, heldAtOnce } = policy.limits
  const rules = (['allow', 'confirm', 'deny'] as const).flatMap((rule) => {
    const ruled = tools.filter((tool) => ruleFor(policy, tool) === rule && (tool.effect !== 'read' || rule === 'deny'))
    return ruled.length > 0 ? [`${ruled.map(({ name }) => name).join(', ')} ${words[rule]}`] : []
  })
  const person = trustElicitation ? 'by a person in the client; where it cannot ask, ' : ''
  const instead =
    mode === 'human'
      ? 'by a person with did-mcp approvals'
      : `by a ticket (at most ${ticketMaxDids} numbers where it costs money or cannot be undone)`
  return [
    rules.join('; '),
    ...(tools.some((tool) => ruleFor(policy, tool) === 'confirm') ? [`yes is said ${person}${instead}`] : []),
    `numbers a call: ${most(didsPerCall)}; bought a day: ${most(assignedPerDay)}; released a day: ${most(releasedPerDay)}; held at once: ${most(heldAtOnce)}`,
    `protected: ${list(policy.protected, 'none')}; endpoint groups: ${list(policy.endpointGroups, 'any')}; tiers: ${list(policy.tiers, 'any')}`,
  ]
}

const words: { readonly [rule in Rule]: string } = {
  allow: 'allowed',
  confirm: 'after a yes',
  deny: 'denied',
}

const most = (limit: number | null) => limit ?? 'no limit'

/** The first of a long list, and how many more. */
function list(items: readonly (string | number)[] | null, otherwise: string): string {
  if (items === null) return otherwise
  if (items.length === 0) return 'none'
  const more = items.length > 5 ? ` and ${items.length - 5} more` : ''
  return `${items.slice(0, 5).join(', ')}${more}`
}
