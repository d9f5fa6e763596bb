import sax from 'sax'

/**
 * Looks through a request before anything else reads it.
 *
 * @returns the local name of the body's first element, which says the operation.
 * @throws Unreadable where it is not well-formed, has a DTD or characters that XML 1.0 has not, is nested deeper than
 *   any request, or carries an id that would reach the prototype of every object through the parser of `soap`.
 */
export function wrapperOf(xml: string): string {
  const parser = sax.parser(true)
  const path: string[] = []
  let wrapper: string | undefined
  parser.onerror = (error) => {
    throw new Unreadable(`The request is not well-formed XML: ${error.message.split('\n')[0]}`)
  }
  parser.ondoctype = () => {
    throw new Unreadable('A request may not have a DTD.')
  }
  parser.onopentag = ({ name, attributes }) => {
    const local = name.slice(name.indexOf(':') + 1)
    path.push(local)
    if (path.length > deepest) throw new Unreadable('The request is nested too deep.')
    if (path.length === 3 && path[0] === 'Envelope' && path[1] === 'Body') wrapper ??= local
    for (const value of Object.values(attributes)) {
      if (String(value).includes('__proto__')) throw new Unreadable('The request carries a forbidden id.')
    }
  }
  parser.ontext = refuseUnwritable
  parser.oncdata = refuseUnwritable
  parser.onclosetag = () => void path.pop()
  parser.write(xml).close()
  if (wrapper === undefined) throw new Unreadable('The request has no SOAP body.')
  return wrapper
}

/** Why a request is not read; the message may be answered. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
}

const deepest = 32

/** Control characters, noncharacters and lone surrogates, which a character reference can smuggle in. */
const unwritable = /[^\P{Cc}\t\n\r\u0080-\u009f]|[\ufffe\uffff]|\p{Cs}/u

function refuseUnwritable(text: string): void {
  if (unwritable.test(text)) throw new Unreadable('The request holds a character that XML does not allow.')
}
