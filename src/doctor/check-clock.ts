import http from 'node:http'
import net from 'node:net'
import tls from 'node:tls'
import type { Finding } from './check.ts'
import { addressOf, connectionOf, patienceMs } from './network.ts'
import type { Patient } from './patient.ts'

/** The largest drift that is no warning, seconds: beyond it, journals and tickets tell misleading times. */
const driftSeconds = 60

export async function clock(patient: Patient): Promise<Finding> {
  const asked = Date.now()
  const date = await dateHeader(patient).catch(() => Number.NaN)
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
async function dateHeader(patient: Patient): Promise<number> {
  const endpoint = await patient.endpoint()
  const { host, port, secure } = addressOf(endpoint)
  const raw = await connectionOf(patient)
  const name = net.isIP(host) === 0 ? { servername: host } : {}
  const socket = secure ? tls.connect({ socket: raw, host, ...name }) : raw
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host, port, path: endpoint.pathname, method: 'HEAD', timeout: patienceMs, createConnection: () => socket },
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
