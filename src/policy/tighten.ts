import type { Parts, Policy, SystemPolicy } from './policy.ts'
import type { PolicyTool } from './ruling.ts'
import type { Merging } from './setting.ts'
import { settings } from './settings.ts'

/** A policy under a system policy: whatever is asked, at least as strict as each of the two. */
export function tighten(own: Policy, system: SystemPolicy, tools: readonly PolicyTool[]): Policy {
  return merged(settings, own, system, { own, system, tools }) as Policy
}

/** Each setting by its own way to merge. */
function merged(parts: Parts, own: Values, system: Values, merging: Merging): Values {
  return Object.fromEntries(
    Object.entries(parts).map(([name, part]) => {
      const [mine, above] = [own[name], system[name]]
      return [
        name,
        'parts' in part
          ? merged(part.parts, mine as Values, above as Values, merging)
          : part.tighten(mine, above, merging),
      ]
    }),
  )
}

type Values = { readonly [name: string]: unknown }
