import type { Used } from '../domain/budget.ts'
import type { Policy } from './policy.ts'
import type { Limit } from './setting.ts'
import { settings } from './settings.ts'

/** What is left of one limit that counts numbers over time. */
export interface Left {
  limit: number
  left: number
}

/** What is left of each limit, by its name and in the order of the policy's file. A limit that is lifted is not there. */
export function leftOf({ limits }: Policy, used: Used): { readonly [limit: string]: Left } {
  return Object.fromEntries(
    budgets().flatMap(({ name, limit: { budget } }) => {
      const limit = limits[name]
      if (budget === undefined || limit === null) return []
      return [[name, { limit, left: Math.max(0, limit - budget.taken(used)) }]]
    }),
  )
}

/** The same as a line for a reader: `left now: bought a day 97 of 100; held at once 100 of 100`. */
export function leftInWords(left: { readonly [limit: string]: Left }): string {
  const told = budgets().flatMap(({ name, limit: { called } }) => {
    const one = Object.hasOwn(left, name) ? left[name] : undefined
    return one === undefined ? [] : [`${called} ${one.left} of ${one.limit}`]
  })
  return `left now: ${told.length === 0 ? 'no limit counts' : told.join('; ')}`
}

const budgets = () =>
  (Object.entries(settings.limits.parts) as [keyof Policy['limits'], Limit][]).map(([name, limit]) => ({ name, limit }))
