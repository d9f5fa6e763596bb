import { builtIn, type Policy, silent } from '../../src/policy/policy.ts'

/** Every write is allowed, and nobody is asked. */
export const allAllowed = {
  effects: { hold: 'allow', change: 'allow', safety: 'allow', spend: 'allow', destroy: 'allow' },
} as const satisfies Partial<Policy>

/** Every write needs a yes. */
export const allConfirmed = {
  effects: { hold: 'confirm', change: 'confirm', safety: 'confirm', spend: 'confirm', destroy: 'confirm' },
} as const satisfies Partial<Policy>

/** No budget, and lists of any length. */
export const unlimited = {
  limits: silent.limits,
} as const satisfies Partial<Policy>

/** A yes is a person's own: no ticket is given. */
export const humanMode = {
  confirmation: { ...builtIn.confirmation, mode: 'human' },
} as const satisfies Partial<Policy>
