/**
 * The one format of a telephone number inside this house: ten digits, NPA-NXX-XXXX without separators.
 *
 * Accepts what people write for a number of the North American plan (`4352154006`, `+1 435-215-4006`,
 * `1-435-215-4006`, `(435) 215-4006`, `435.215.4006`) and nothing else: no extension, no second number, no other
 * script's digits, no hidden character, no other country.
 *
 * @throws InvalidTelephoneNumber quoting the input, cut to 40 characters, everything but printable ASCII escaped.
 */
export function parseTelephoneNumber(input: string): string {
  const parts = written.exec(input)?.groups
  if (!parts) throw new InvalidTelephoneNumber(input)
  return `${parts.npa ?? parts.area}${parts.nxx}${parts.line}`
}

/** Whether a text is ten digits, as the carrier writes numbers. Says nothing about the plan's areas and exchanges. */
export function isTelephoneNumber(text: string): boolean {
  return plain.test(text)
}

/** The input is not a telephone number. The message is safe to show. */
export class InvalidTelephoneNumber extends Error {
  override readonly name = 'InvalidTelephoneNumber'

  constructor(input: string) {
    super(
      `${quoted(input)} is not a telephone number: expected ten digits of the North American plan, ` +
        'as in 4352154006, +14352154006, 1-435-215-4006, (435) 215-4006 or 435.215.4006',
    )
  }
}

// Area code and exchange start with 2 to 9. Whatever separates the first two groups separates the last two; after
// parentheses any one separator may stand.
const written =
  /^(?:\+?1[-. ]?)?(?:\((?<area>[2-9][0-9]{2})\) ?(?=[0-9]{3}[-. ]?[0-9]{4}$)|(?<npa>[2-9][0-9]{2})(?<mark>[-. ]?)(?=[0-9]{3}\k<mark>[0-9]{4}$))(?<nxx>[2-9][0-9]{2})[-. ]?(?<line>[0-9]{4})$/

const plain = /^[0-9]{10}$/

function quoted(input: string): string {
  const shown = Array.from(input.slice(0, 80)).slice(0, 40).join('')
  const escaped = shown.replace(/[^ -~]|["\\]/gu, (character) =>
    character === '"' || character === '\\' ? `\\${character}` : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  )
  return `"${escaped}"${shown.length < input.length ? '…' : ''}`
}
