/** A point in time as a person reads it: UTC, to the second. {@link parseUtc} reads it back. */
export function formatUtc(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ')
}

const day = String.raw`(?<day>\d{4}-\d{2}-\d{2})`
const time = String.raw`(?<time>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)`
const zone = String.raw`(?: ?UTC|(?<zone>Z|[+-]\d{2}:\d{2}))?`
const dateOrTime = new RegExp(`^${day}(?:[T ]${time}${zone})?$`)

/**
 * An ISO date, or time with or without zone, in milliseconds since 1970. Where no zone is given it is UTC, on whatever
 * machine. Undefined for anything else, and for a day that no calendar has.
 */
export function parseUtc(text: string): number | undefined {
  const { day, time = '00:00', zone = 'Z' } = dateOrTime.exec(text)?.groups ?? {}
  // Date.parse takes the 31st of February for the 3rd of March.
  if (day === undefined || !isDay(day)) return undefined
  const at = Date.parse(`${day}T${time}${zone}`)
  return Number.isNaN(at) ? undefined : at
}

function isDay(day: string): boolean {
  const at = Date.parse(`${day}T00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day)
}
