/**
 * Reads a telephone number into the one format of this house: ten digits, NPA-NXX-XXXX without separators. It accepts a
 * number of the North American plan in every form that can mean that number alone: ten digits, or eleven from 1, with or
 * without `+`, parted as people part them (`435-215-4006`, `(435) 215-4006`, `+1 435 215 4006`, `1.435.215.4006`), with
 * spaces around it. Nothing else is accepted: no extension, no second number, no other script's digits, no hidden character,
 * no other country (`+435…` is Austria). A text that is only nearly a number is a question, not a guess.
 *
 * @throws InvalidTelephoneNumber quoting the input, cut to 40 characters, everything but printable ASCII escaped.
 */
export function parseTelephoneNumber(input: string): string {
  if (input.length > longestWritten || !written.test(input)) throw new InvalidTelephoneNumber(input)
  return input.replace(/[^0-9]/g, '').slice(-10)
}

/** Whether a text is ten digits, as the carrier writes numbers. Says nothing about the plan's areas and exchanges. */
export function isTelephoneNumber(text: string): boolean {
  return plain.test(text)
}

/** The error for an input that is not a telephone number, or not one in an accepted format. The message is safe to show. */
export class InvalidTelephoneNumber extends Error {
  override readonly name = 'InvalidTelephoneNumber'

  constructor(input: string) {
    const meant = perhaps(input)
    super(
      meant === undefined
        ? `${quoted(input)} is not a telephone number: expected ten digits of the North American plan, ` +
            'as in 4352154006, 435-215-4006 or +1 (435) 215-4006, and nothing beside them'
        : `${quoted(input)} is not in a format that is read here: if ${meant} is meant, write it so`,
    )
  }
}

/** The number that a person would read out of this, where ten digits and no letter are all that can be seen. */
function perhaps(input: string): string | undefined {
  if (input.length > longestWritten || !/^[0-9\p{P}\p{S}\p{Z}\p{C}]*$/u.test(input)) return undefined
  if (/^\P{N}*\+(?!1)/u.test(input)) return undefined
  const digits = input.replace(/[^0-9]/g, '').replace(/^1(?=[0-9]{10}$)/, '')
  return written.test(digits) ? digits : undefined
}

/** The longest input that is read, characters: more than whatever a person writes for one number. */
const longestWritten = 40

// A dash is a hyphen, a minus, or one of those that word processors and models put in their place; each looks like a dash.
const dash = '[-.\\u2010-\\u2015\\u2212]'
const parted = `(?: {1,2}| ?${dash} ?)?`
// Area code and exchange each start with 2 to 9.
const area = '[2-9][0-9]{2}'
const written = new RegExp(
  `^ *(?:(?:\\+?1|\\(\\+?1\\))${parted})?(?:${area}|\\(${area}\\))${parted}[2-9][0-9]{2}${parted}[0-9]{4} *$`,
)

const plain = /^[0-9]{10}$/

function quoted(input: string): string {
  const shown = Array.from(input.slice(0, 80)).slice(0, 40).join('')
  const escaped = shown.replace(/[^ -~]|["\\]/gu, (character) =>
    character === '"' || character === '\\' ? `\\${character}` : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  )
  return `"${escaped}"${shown.length < input.length ? '…' : ''}`
}
