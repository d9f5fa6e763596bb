import { InvalidArgumentError } from 'commander'
import { parseTelephoneNumber } from '../../domain/telephone-number.ts'
import { parseUtc } from '../../terminal/utc.ts'

/** A whole number from `least` to `most`. What these readers throw is shown beside the option that it stood at. */
export function whole(least: number, most: number) {
  return (text: string): number => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    if (value >= least && value <= most) return value
    throw new InvalidArgumentError(`A whole number from ${least} to ${most} was expected.`)
  }
}

/** A telephone number in any of the formats that are read, as ten digits. */
export function telephoneNumber(text: string): string {
  try {
    return parseTelephoneNumber(text)
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : 'A telephone number was expected.')
  }
}

/** A point in time, UTC where no zone is given, or one so long before `now`, in milliseconds since 1970. */
export function moment(now: () => number) {
  return (text: string): number => {
    const ago = /^(\d{1,5})([hd])$/.exec(text)
    if (ago) return now() - Number(ago[1]) * (ago[2] === 'h' ? 3_600_000 : 86_400_000)
    const at = parseUtc(text)
    if (at !== undefined) return at
    throw new InvalidArgumentError(
      'A date or time was expected, as 2026-01-31 or "2026-01-31 09:00" (UTC), or 24h, 7d.',
    )
  }
}

/** Several of them, one after the other or each behind an option of its own. */
export function telephoneNumbers(text: string, before: readonly string[] = []): string[] {
  return [...before, telephoneNumber(text)]
}

/** A person's note: something, in at most 200 characters. */
export function note(text: string): string {
  if (text.trim() !== '' && text.length <= 200) return text.trim()
  throw new InvalidArgumentError('A note of 1 to 200 characters was expected.')
}

/** The name of a file to write; a hyphen is the standard output. */
export function csvFile(text: string): string {
  return text === '-' ? text : fileName(text)
}

/** The name of a file to write; a hyphen, which elsewhere is the standard output, is none. */
export function fileName(text: string): string {
  if (text !== '' && text !== '-') return text
  throw new InvalidArgumentError("A file's name was expected; the standard output is none.")
}
