import http from 'node:http'
import https from 'node:https'
import type { Finding } from './check.ts'
import { addressOf, patienceMs } from './network.ts'
import type { Patient } from './patient.ts'

/** The largest drift that is no warning, seconds: beyond it, journals and tickets tell misleading times. */
const driftSeconds = 60

export async function clock({ endpoint }: Patient): Promise<Finding> {
  const asked = Date.now()
  const date = await dateHeader(await endpoint()).catch(() => Number.NaN)
  return judgeClock(date, asked, Date.now())
}

/**
 * Judges this machine's clock by another's. All times are milliseconds since 1970.
 *
 * @param date what the other side said, between `asked` and `answered`; NaN where it said nothing
 */
export function judgeClock(date: number, asked: number, answered: number): Finding {
  if (Number.isNaN(date)) return { verdict: 'skipped', what: 'the carrier does not tell its time' }
  // The header has whole seconds, so the middle of both uncertainties is the fairest guess.
  const seconds = Math.round((asked + answered) / 2000 - (date + 500) / 1000)
  if (Math.abs(seconds) <= driftSeconds) return { verdict: 'ok', what: "agrees with the carrier's within a minute" }
  const next = 'Set the clock of this machine by a time server (NTP).'
  const side = seconds > 0 ? 'ahead of' : 'behind'
  return { verdict: 'warning', what: `this machine is ${Math.abs(seconds)} s ${side} the carrier`, next }
}

/** Reads the date from any answer of the endpoint's: every answer has one, so no credentials are sent. */
function dateHeader(endpoint: URL): Promise<number> {
  const { host, port, secure } = addressOf(endpoint)
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).request(
      { host, port, path: endpoint.pathname, method: 'HEAD', timeout: patienceMs, agent: false },
      (response) => {
        resolve(Date.parse(response.headers.date ?? ''))
        response.destroy()
      },
    )
    request.on('timeout', () => request.destroy(new Error('ETIMEDOUT')))
    request.on('error', reject)
    request.end()
  })
}
