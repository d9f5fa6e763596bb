import type { Used } from '../../src/domain/budget.ts'

/** What the budgets count, from what is said of it: nothing else was taken. Of an hour, as much as of the day. */
export function usedOf(
  { change = 0, safety = 0, assigned = 0, released = 0, held = 0 }: Partial<Counted>,
  lately: Partial<Counted> = {},
): Used {
  return {
    hour: {
      change: lately.change ?? change,
      safety: lately.safety ?? safety,
      spend: lately.assigned ?? assigned,
      destroy: lately.released ?? released,
    },
    day: { change, safety, spend: assigned, destroy: released },
    held,
  }
}

interface Counted {
  change: number
  safety: number
  assigned: number
  released: number
  held: number
}
