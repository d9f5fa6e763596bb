import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { formatUtc, parseUtc } from '../../src/terminal/utc.ts'

// A reader of another zone than UTC, as most are: what has no zone must not be read in theirs.
beforeEach(() => void vi.stubEnv('TZ', 'America/Denver'))
afterEach(() => void vi.unstubAllEnvs())

test('a time that was shown is read back as the same second, wherever it is read', () => {
  expect(formatUtc(Date.UTC(2026, 10, 23, 16, 6, 1, 999))).toBe('2026-11-23 16:06:01')
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Date.UTC(2100, 0) / 1000 }), (seconds) => {
      const shown = formatUtc(seconds * 1000)
      for (const pasted of [shown, shown.replace(' ', 'T'), `${shown} UTC`, `${shown.replace(' ', 'T')}Z`]) {
        expect(parseUtc(pasted)).toBe(seconds * 1000)
      }
    }),
  )
})

test('what the tool listOperations reads as a time is the same time here', () => {
  for (const text of ['2026-01-02', '2026-01-02T03:04Z', '2026-01-02T03:04:05.123456789+02:00', '2026-01-02T24:00Z']) {
    expect(parseUtc(text)).toBe(Date.parse(text))
  }
})
