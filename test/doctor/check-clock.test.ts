import { describe, expect, test } from 'vitest'
import { judgeClock } from '../../src/doctor/check-clock.ts'

const now = Date.UTC(2026, 0, 5, 9)
const day = 86_400_000

describe('the clock', () => {
  const agrees = { verdict: 'ok', what: "agrees with the carrier's within a minute" }
  const wrong = (what: string) => ({
    verdict: 'warning',
    what,
    next: 'Set the clock of this machine by a time server (NTP).',
  })

  test.each([
    ['the same', 0, agrees],
    ['a minute ahead', 60_000, agrees],
    ['a minute behind', -60_000, agrees],
    ['more than that ahead', 61_000, wrong('this machine is 61 s ahead of the carrier')],
    ['more than that behind', -61_000, wrong('this machine is 61 s behind the carrier')],
    ['a year ahead', 365 * day, wrong('this machine is 31536000 s ahead of the carrier')],
  ])('%s', (_, ahead, finding) => {
    // The carrier's header was cut to its second, half of one ago on average.
    const asked = now + ahead + 500
    expect(judgeClock(now, asked, asked)).toEqual(finding)
  })

  test('an answer that took long is taken at the middle of its way', () => {
    expect(judgeClock(now + 50_000, now, now + 100_000)).toEqual(agrees)
    expect(judgeClock(now + 200_000, now, now + 100_000)).toEqual(wrong('this machine is 150 s behind the carrier'))
  })

  test('an answer without a date', () => {
    expect(judgeClock(Number.NaN, now, now)).toEqual({ verdict: 'skipped', what: 'the carrier does not tell its time' })
  })
})
