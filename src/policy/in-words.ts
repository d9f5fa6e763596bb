import { type Rule, rules } from '../domain/effect.ts'
import { type Policy, type PolicyTool, ruleFor } from './policy.ts'

/** What is in force, one line for each thing that a person would ask. Long lists are cut; the policy itself has them whole. */
export function inWords(policy: Policy, tools: readonly PolicyTool[]): string[] {
  const { mode, ticketMaxDids, trustElicitation } = policy.confirmation
  const { didsPerCall, assignedPerDay, releasedPerDay, heldAtOnce } = policy.limits
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
    `numbers a call: ${most(didsPerCall)}; bought a day: ${most(assignedPerDay)}; released a day: ${most(releasedPerDay)}; held at once: ${most(heldAtOnce)}`,
    `protected: ${list(policy.protected)}; endpoint groups: ${among(policy.endpointGroups)}; tiers: ${among(policy.tiers)}`,
  ]
}

const words: { readonly [rule in Rule]: string } = {
  allow: 'allowed',
  confirm: 'after a yes',
  deny: 'denied',
}

const most = (limit: number | null) => limit ?? 'no limit'

const among = (allowed: readonly (string | number)[] | null) => (allowed === null ? 'any' : list(allowed))

/** The first of a long list, and how many more. */
function list(items: readonly (string | number)[]): string {
  if (items.length === 0) return 'none'
  const more = items.length > 5 ? ` and ${items.length - 5} more` : ''
  return `${items.slice(0, 5).join(', ')}${more}`
}
