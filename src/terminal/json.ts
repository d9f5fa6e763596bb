import { unseenCharacters } from '../domain/untrusted.ts'

/**
 * What a command answers to `--json`: its shape has a version, and stands in schemas/cli.json. See {@link jsonOf}.
 */
export const versioned = (shape: object): string => jsonOf({ version: 1, ...shape })

/**
 * A value as JSON that a terminal obeys nothing of: what cannot be seen (control, bidirectional and zero-width
 * characters) is written as its escape, so whoever parses it reads every text as it is.
 */
function jsonOf(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(unseen, escaped)
}

const unseen = new RegExp(`(?!\\n)[${unseenCharacters}]`, 'gu')

const escaped = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
