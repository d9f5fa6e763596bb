/**
 * The one format of a telephone number inside this house: ten digits, NPA-NXX-XXXX without separators.
 *
 * Accepts five ways to write a number of the North American plan (`4352154006`, `+14352154006`, `1-435-215-4006`,
 * `(435) 215-4006`, `435.215.4006`) and nothing else: no other separators, no extension, no second number, no other
 * script's digits, no hidden character, no other country. A text that is nearly a number is a question, not a guess.
 *
 * @throws InvalidTelephoneNumber quoting the input, cut to 40 characters, everything but printable ASCII escaped.
 */
export function parseTelephoneNumber(input: string): string {
  if (!written.test(input)) throw new InvalidTelephoneNumber(input)
  return input.replace(/[^0-9]/g, '').slice(-10)
}

/** Whether a text is ten digits, as the carrier writes numbers. Says nothing about the plan's areas and exchanges. */
export function isTelephoneNumber(text: string): boolean {
  return plain.test(text)
}

/** The input is not a telephone number, or not one in an accepted format. The message is safe to show. */
export class InvalidTelephoneNumber extends Error {
  override readonly name = 'InvalidTelephoneNumber'

  constructor(input: string) {
    const meant = perhaps(input)
    super(
      meant === undefined
        ? `${quoted(input)} is not a telephone number: expected ten digits of the North American plan, ` +
            'as in 4352154006, +14352154006, 1-435-215-4006, (435) 215-4006 or 435.215.4006'
        : `${quoted(input)} is not in a format that is read here: if ${meant} is meant, write it so`,
    )
  }
}

/** The number that a person would read out of this, where digits and the usual separators are all there is. */
function perhaps(input: string): string | undefined {
  if (!/^[0-9+(). -]{10,20}$/.test(input)) return undefined
  const digits = input.replace(/[^0-9]/g, '').replace(/^1(?=[0-9]{10}$)/, '')
  return written.test(digits) ? digits : undefined
}

// Area code and exchange start with 2 to 9.
const written =
  /^(?:(?:\+1)?[2-9][0-9]{2}[2-9][0-9]{6}|1-[2-9][0-9]{2}-[2-9][0-9]{2}-[0-9]{4}|\([2-9][0-9]{2}\) [2-9][0-9]{2}-[0-9]{4}|[2-9][0-9]{2}\.[2-9][0-9]{2}\.[0-9]{4})$/

const plain = /^[0-9]{10}$/

function quoted(input: string): string {
  const shown = Array.from(input.slice(0, 80)).slice(0, 40).join('')
  const escaped = shown.replace(/[^ -~]|["\\]/gu, (character) =>
    character === '"' || character === '\\' ? `\\${character}` : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  )
  return `"${escaped}"${shown.length < input.length ? '…' : ''}`
}
