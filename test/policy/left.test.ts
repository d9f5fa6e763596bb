import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nothingUsed } from '../../src/domain/budget.ts'
import { decide } from '../../src/policy/decide.ts'
import { leftInWords, leftOf } from '../../src/policy/left.ts'
import { builtIn } from '../../src/policy/policy.ts'

const hour = { change: 0, safety: 0, spend: 4, destroy: 0 }
const used = { hour, day: { change: 9, safety: 9, spend: 30, destroy: 120 }, held: 1 }

test('each limit that counts over time says what is left of it; one that is lifted is not there', () => {
  const policy = { ...builtIn, limits: { ...builtIn.limits, assignedPerHour: 5, heldAtOnce: null } }
  const left = leftOf(policy, used)
  expect(left).toEqual({
    assignedPerDay: { limit: 100, left: 70 },
    assignedPerHour: { limit: 5, left: 1 },
    releasedPerDay: { limit: 100, left: 0 },
  })
  expect(leftInWords(left)).toBe('left now: bought a day 70 of 100; bought an hour 1 of 5; released a day 0 of 100')
})

test('where every limit is lifted nothing is counted down', () => {
  const lifted = {
    assignedPerDay: null,
    assignedPerHour: null,
    releasedPerDay: null,
    releasedPerHour: null,
    heldAtOnce: null,
  }
  expect(leftInWords(leftOf({ ...builtIn, limits: { ...builtIn.limits, ...lifted } }, used))).toBe(
    'left now: no limit counts',
  )
})

test('exactly what is left may be asked for, and no number more', () => {
  const budget = fc.option(fc.nat(50))
  fc.assert(
    fc.property(budget, budget, fc.nat(60), fc.nat(60), (perDay, perHour, inDay, inHour) => {
      const policy = {
        ...builtIn,
        limits: { ...builtIn.limits, didsPerCall: null, assignedPerDay: perDay, assignedPerHour: perHour },
      }
      const now = {
        ...nothingUsed,
        hour: { ...nothingUsed.hour, spend: inHour },
        day: { ...nothingUsed.day, spend: inHour + inDay },
      }
      const { assignedPerDay, assignedPerHour } = leftOf(policy, now)
      const left = Math.min(assignedPerDay?.left ?? 100, assignedPerHour?.left ?? 100)
      const asked = (numbers: number) => {
        const rows = Array.from({ length: numbers }, (_, at) => ({ tn: String(4_355_550_000 + at), epg: 8674 }))
        return decide(policy, { tool: { name: 'assignDID', effect: 'spend' }, rows, used: now }).verdict
      }
      if (left > 0) expect(asked(left)).not.toBe('deny')
      if (left < 100) expect(asked(left + 1)).toBe('deny')
    }),
  )
})
