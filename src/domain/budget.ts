/**
 * What the budgets count: rolling 24 hours for `assigned` and `released`, holds that stand now for `held`. Failed and not
 * attempted numbers count nothing.
 */
export interface Used {
  readonly assigned: number
  readonly released: number
  readonly held: number
}
