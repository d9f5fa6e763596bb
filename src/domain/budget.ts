import type { WriteEffect } from './effect.ts'

/**
 * The numbers of one account that the budgets count, from the intent on. Failed and not attempted numbers count nothing. A
 * policy's limit names the count that it bounds.
 */
export interface Used {
  /** The numbers of the last 60 minutes. */
  readonly hour: Taken
  /** The numbers of the last 24 hours. */
  readonly day: Taken
  /** The holds that stand now. A hold lapses by itself, so only those that stand are counted, in no period. */
  readonly held: number
}

/** The counts of an account on which nothing was written yet. */
export const nothingUsed: Used = {
  hour: { change: 0, safety: 0, spend: 0, destroy: 0 },
  day: { change: 0, safety: 0, spend: 0, destroy: 0 },
  held: 0,
}

/** The counts of numbers by what was done to them. */
export type Taken = { readonly [effect in Exclude<WriteEffect, 'hold'>]: number }
