import sax from 'sax'

/** What an envelope shows from outside. */
export interface Outside {
  /** The namespace of the envelope, which says the version of SOAP. */
  envelope: string
  /** Namespace and name of the body's first element, which say the operation. */
  wrapper: string
}

/**
 * Looks through a request before anything else reads it.
 *
 * @throws Unreadable where it is not well-formed, has a DTD or characters that XML 1.0 has not, is nested deeper than
 *   any request, or carries an id that would reach the prototype of every object through the parser of `soap`.
 */
export function outsideOf(xml: string): Outside {
  const parser = sax.parser(true, { xmlns: true })
  const path: string[] = []
  let envelope = ''
  let wrapper: string | undefined
  parser.onerror = (error) => {
    throw new UnreadableRequest(`The request is not well-formed XML: ${error.message.split('\n')[0]}`)
  }
  parser.ondoctype = () => {
    throw new UnreadableRequest('A request may not have a DTD.')
  }
  parser.onopentag = (tag) => {
    // With `xmlns` the parser hands out no other kind.
    const { local, uri, attributes } = tag as sax.QualifiedTag
    path.push(local)
    if (path.length > deepest) throw new UnreadableRequest('The request is nested too deep.')
    if (path.length === 1) envelope = uri
    if (path.length === 3 && path[0] === 'Envelope' && path[1] === 'Body') wrapper ??= uri + local
    for (const { value } of Object.values(attributes)) {
      if (value.includes('__proto__')) throw new UnreadableRequest('The request carries a forbidden id.')
    }
  }
  parser.ontext = refuseUnwritable
  parser.oncdata = refuseUnwritable
  parser.onclosetag = () => void path.pop()
  parser.write(xml).close()
  if (wrapper === undefined) throw new UnreadableRequest('The request has no SOAP body.')
  return { envelope, wrapper }
}

/** Why a request is not read; the message may be answered. */
export class UnreadableRequest extends Error {
  override readonly name = 'Unreadable'
}

const deepest = 32

/** Control characters, noncharacters and lone surrogates, which a character reference can smuggle in. */
const unwritable = /[^\P{Cc}\t\n\r\u0080-\u009f]|[\ufffe\uffff]|\p{Cs}/u

function refuseUnwritable(text: string): void {
  if (unwritable.test(text)) throw new UnreadableRequest('The request holds a character that XML does not allow.')
}
