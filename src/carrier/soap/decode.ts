import sax from 'sax'
import { BadValue } from './fields.ts'
import { answerTo, type Leaf, type Parent } from './grammar.ts'
import { type Attribute, inside, isNil, outermost, resolve, type Scope } from './names.ts'
import type { OperationName } from './wsdl.ts'

/** What an answer says besides its rows. Exactly one of `code` and `fault` is there. */
export interface Answer {
  /** The envelope's responseCode. */
  code?: number
  /** The envelope's responseMessage, untrusted text. */
  message?: string
  /** IsPortable, of isPortable. */
  portable?: boolean
  /** PortDetails without its numbers, of getPortDetails. */
  port?: Row
  /** A SOAP fault, with the carrier's untrusted words. */
  fault?: { code?: string; reason?: string }
}

/** A record as the fields table of its type describes it (fields.ts). */
export type Row = Record<string, unknown>

export interface Decoder {
  /** The next piece of the document, of any length. Rows are handed out as they close. Throws {@link NotAnAnswer}. */
  write(text: string): void
  /** The document is over. Throws {@link NotAnAnswer} where it is not whole. */
  end(): Answer
}

/** What came is no answer to the operation. The message completes "The carrier's answer …" and quotes nothing of it. */
export class NotAnAnswer extends Error {
  override readonly name = 'NotAnAnswer'
}

/**
 * Reads the answer to one operation as it arrives: well-formed XML without a document type, a SOAP envelope, the
 * response of this very operation with an integer responseCode, or a fault; values after fields.ts. Nothing of it is
 * held but the row at hand.
 */
export function decoder(operation: OperationName, row: (row: Row) => void): Decoder {
  const parser = sax.parser(true, { position: false })
  // sax looks entities up on an object with a prototype, where &constructor; is found.
  parser.ENTITIES = Object.assign(Object.create(null), { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" })

  const answer: Answer & Row = {}
  const frames: Frame[] = [{ parent: answerTo(operation), value: answer, seen: 0, scope: outermost() }]
  let frame = frames[0] as Frame
  let leaf: Leaf | undefined
  let nil = false
  let text = ''
  let name = ''
  let skipped = 0
  let elements = 0
  let silence = 0
  let handing = false
  let attributes: Attribute[] = []

  const append = (more: string) => {
    if (leaf) {
      text = text === '' ? more : text + more
      if (text.length > limits.text) throw new NotAnAnswer(`holds a text of over ${limits.text} characters`)
    }
  }
  parser.ontext = append
  parser.oncdata = append
  parser.onattribute = (attribute) => {
    attributes.push(attribute)
  }
  parser.onopentag = (tag) => {
    silence = 0
    if (++elements > limits.elements) throw new NotAnAnswer(`holds over ${limits.elements} elements`)
    if (skipped > 0) {
      if (++skipped + frames.length > limits.depth) throw new NotAnAnswer(`is nested over ${limits.depth} deep`)
      if (attributes.length > 0) attributes = []
      return
    }
    if (leaf) throw new NotAnAnswer(`has an element inside ${name}`)
    let scope = frame.scope
    let isNothing = false
    if (attributes.length > 0) {
      scope = inside(scope, attributes)
      isNothing = isNil(scope, attributes)
      attributes = []
    }
    const known = resolve(scope, tag.name)
    const child = frame.parent.children.get(known)
    if (child === undefined) {
      if (frame.parent.closed) throw new NotAnAnswer(frame.parent.closed)
      skipped = 1
      return
    }
    if ((frame.seen & child.bit) !== 0) throw new NotAnAnswer(`has ${known} twice in one record`)
    frame.seen |= child.bit
    if ('read' in child) {
      leaf = child
      nil = isNothing
      name = known
      text = ''
      return
    }
    frame = { parent: child, value: child.value === 'outer' ? frame.value : {}, seen: 0, scope }
    frames.push(frame)
  }
  parser.onclosetag = () => {
    silence = 0
    if (skipped > 0) {
      skipped--
      return
    }
    if (leaf) {
      const value = nil ? undefined : read(leaf, text, name)
      if (value !== undefined) frame.value[leaf.key] = value
      leaf = undefined
      return
    }
    const { parent, value } = frame
    frames.pop()
    frame = frames[frames.length - 1] as Frame
    for (const key of parent.required) {
      if (value[key] === undefined) throw new NotAnAnswer(`has a record without ${key}`)
    }
    if (parent.value === 'rows') {
      handing = true
      row(value)
      handing = false
    } else if (parent.value === 'own') frame.value[parent.key] = value
  }
  parser.onopencdata = () => {
    if (frames.length === 1) throw new NotAnAnswer('has text outside its envelope')
  }
  parser.ondoctype = () => {
    throw new NotAnAnswer('carries a document type')
  }
  parser.onsgmldeclaration = parser.ondoctype
  parser.onerror = () => {
    throw new NotAnAnswer('is not well-formed XML, or was cut')
  }

  // An attribute named hasOwnProperty makes sax throw a TypeError; what the caller's own `row` throws stays as it is.
  const parse = (step: () => unknown) => {
    try {
      step()
    } catch (error) {
      throw handing || error instanceof NotAnAnswer ? error : new NotAnAnswer('is not well-formed XML')
    }
  }

  return {
    write(chunk) {
      for (let from = 0; from < chunk.length; from += limits.piece) {
        const piece = chunk.length <= limits.piece ? chunk : chunk.slice(from, from + limits.piece)
        parse(() => parser.write(piece))
        // Between two tags sax gathers without bound: text, comments, attributes, a document type.
        silence += piece.length
        if (silence > limits.silence) throw new NotAnAnswer(`has over ${limits.silence} characters without an element`)
      }
    },
    end() {
      parse(() => parser.close())
      if (elements === 0) throw new NotAnAnswer('is empty')
      if (answer.code === undefined && answer.fault === undefined) throw new NotAnAnswer('has no responseCode')
      return answer
    },
  }
}

interface Frame {
  parent: Parent
  value: Row
  seen: number
  scope: Scope
}

/** The deepest element that is read stands at 8; an account of 500,000 numbers has 11.5 million elements. */
const limits = { depth: 32, elements: 20_000_000, text: 65_536, silence: 1_048_576, piece: 65_536 } as const

function read(leaf: Leaf, text: string, name: string): unknown {
  try {
    return leaf.read(text)
  } catch (error) {
    throw error instanceof BadValue ? new NotAnAnswer(`has an element ${name} that ${error.message}`) : error
  }
}
