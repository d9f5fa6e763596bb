import type { Effect } from '../domain/effect.ts'
import type { Section, Setting } from './setting.ts'
import { type confirmationModes, settings } from './settings.ts'

/** What is in force. `null` lifts a limit, or allows every endpoint group or tier (README.md, "Policy file"). */
export type Policy = Stated<typeof settings>

/** A policy for the whole machine, whose clients it may not know: of them it may say nothing (undefined). */
export type SystemPolicy = Stated<typeof settings, 'silent'>

/** The values of settings, section by section: those in force, or also those that say nothing. */
type Stated<Parts, Also extends 'builtIn' | 'silent' = 'builtIn'> = {
  readonly [name in keyof Parts]: Parts[name] extends Setting<infer Value, infer Silent>
    ? Also extends 'silent'
      ? Value | Silent
      : Value
    : Parts[name] extends Section<infer Inner>
      ? Stated<Inner, Also>
      : never
}

export type ConfirmationMode = (typeof confirmationModes)[number]

/** The policy that is in force where no file says otherwise. */
export const builtIn = stated(settings, 'builtIn') as Policy

/** What says nothing: merged with any policy it leaves that as it is. */
export const silent = stated(settings, 'silent') as SystemPolicy

/** Whether a number of this tier may be bought. Only `spend` buys; where tiers are limited, an unknown tier is refused. */
export function tierAllowed(policy: Policy, effect: Effect, tier: string | undefined): boolean {
  if (effect !== 'spend' || policy.tiers === null) return true
  return tier !== undefined && policy.tiers.includes(tier)
}

/** The entry of `protected` that covers a number of ten digits. */
export function protectedBy(policy: Policy, tn: string): string | undefined {
  return policy.protected.find((entry) => (entry.endsWith('*') ? tn.startsWith(entry.slice(0, -1)) : tn === entry))
}

/** Settings and sections by name. */
export interface Parts {
  readonly [name: string]: Setting<unknown, unknown> | Section<Parts>
}

function stated(parts: Parts, which: 'builtIn' | 'silent'): unknown {
  return Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [name, 'parts' in part ? stated(part.parts, which) : part[which]]),
  )
}
