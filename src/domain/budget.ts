import type { WriteEffect } from './effect.ts'

/**
 * What the budgets count, in numbers of one account, from the intent on. Failed and not attempted numbers count nothing.
 * A policy's limit names the count that it bounds.
 */
export interface Used {
  /** In the last 60 minutes. */
  readonly hour: Taken
  /** In the last 24 hours. */
  readonly day: Taken
  /** Holds that stand now: a hold lapses, so that nothing is counted of it but this. */
  readonly held: number
}

/** Numbers by what was done to them. */
export type Taken = { readonly [effect in Exclude<WriteEffect, 'hold'>]: number }
