import sax from 'sax'
import { CarrierError } from '../errors.ts'
import { Odd } from './fields.ts'
import { answerTo, type Leaf, type Parent } from './grammar.ts'
import { type Attribute, inside, isNil, outermost, resolve, type Scope } from './names.ts'
import { element, type Shown, trace } from './trace.ts'
import type { OperationName } from './wsdl.ts'

/** What an answer says besides its rows. Exactly one of `code` and `fault` is there. */
export interface DecodedAnswer {
  /** The envelope's responseCode. */
  code?: number
  /** The envelope's responseMessage, untrusted text. */
  message?: string
  /** IsPortable, of isPortable. */
  portable?: boolean
  /** DisplayName, of the methods about the caller name. */
  name?: string
  /** Amount, of GetPrepaidBalance. */
  amount?: number
  /** PortDetails without its numbers, of getPortDetails. */
  port?: DecodedRow
  /** A SOAP fault, with the carrier's untrusted words. */
  fault?: { code?: string; reason?: string }
  /** Rows, and fields of PortDetails, that are not what they should be: how many, and the first ten as XML. */
  unreadable?: { count: number; rows: string[] }
}

/** A record as the fields table of its type describes it (fields.ts). */
export type DecodedRow = Record<string, unknown>

export interface Decoder {
  /** The next piece of the document, of any length. Rows are handed out as they close. Throws {@link NotAnAnswer}. */
  write(text: string): void
  /** The document is over. Throws {@link NotAnAnswer} where it is not whole. */
  end(): DecodedAnswer
}

export interface Heard {
  /** Each row as it closes. False where it is none, after all. */
  row(row: DecodedRow): boolean
  /** What could be read of a row that cannot be read whole. */
  odd?(row: DecodedRow): void
  /** Takes out of a text what must not be shown; asked for what `unreadable` shows, before that is escaped and cut. */
  shown?: Shown
}

/** What came is no answer to the operation. The message completes "The carrier's answer …" and quotes nothing of it. */
export class NotAnAnswer extends Error {
  override readonly name = 'NotAnAnswer'
}

/** The envelope's words, where there are any. */
export function wordsOf({ message }: { message?: string }): { message?: string } {
  return message === undefined ? {} : { message }
}

/** What came is not what was asked for: `what` completes "The carrier's answer …". */
export function notAnAnswer(what: string): CarrierError {
  return new CarrierError('protocol', `The carrier's answer ${what}.`, { maybeSent: true })
}

/**
 * Reads the answer to one operation as it arrives: well-formed XML without a document type, a SOAP envelope, the
 * response of this very operation with an integer responseCode, or a fault; values after fields.ts. One odd row fails
 * nothing: it is counted, and the first ten are shown. Nothing of the answer is held but these and the row at hand.
 */
export function decoder(operation: OperationName, { row, odd, shown = (text) => text }: Heard): Decoder {
  const parser = sax.parser(true, { position: false })
  // sax looks entities up on an object with a prototype, where &constructor; is found.
  parser.ENTITIES = Object.assign(Object.create(null), { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" })

  const answer: DecodedAnswer & DecodedRow = {}
  const root = { parent: answerTo(operation), name: '', value: answer, seen: 0, scope: outermost() }
  const frames: OpenElement[] = [root]
  const came = trace(shown)
  let frame = frames[0] as OpenElement
  let leaf: Leaf | undefined
  let nil = false
  let problem: string | undefined
  let text = ''
  let name = ''
  let skipped = 0
  let elements = 0
  let silence = 0
  let handing = false
  let attributes: Attribute[] = []

  const report = (xml: () => string) => {
    answer.unreadable ??= { count: 0, rows: [] }
    if (++answer.unreadable.count <= limits.shown) answer.unreadable.rows.push(xml())
  }
  /** An odd element of a row fails the row, one of an order itself, any other the answer. */
  const closeLeaf = ({ key, read, many }: Leaf) => {
    const value = nil ? undefined : read(text)
    came.note(name, text)
    if (many && value !== undefined && !(value instanceof Odd)) hand({ [key]: value })
    else if (value instanceof Odd) problem ??= `has an element ${name} that ${value.problem}`
    else if (value !== undefined) frame.value[key] ??= value
    if (problem === undefined) return
    if (frame.parent.value === 'rows') frame.odd ??= name
    else if (frame.parent.value === 'own') report(() => element(name, text, shown))
    else throw new NotAnAnswer(problem)
  }
  const hand = (value: DecodedRow): boolean => {
    handing = true
    const taken = row(value)
    handing = false
    return taken
  }
  const closeRow = ({ name, value, seen, odd: oddity, nil }: OpenElement, required: readonly string[]) => {
    if (nil && seen === 0 && oddity === undefined) return
    const complete = oddity === undefined && required.every((key) => value[key] !== undefined)
    const taken = complete && hand(value)
    if (!taken) odd?.(value)
    if (!taken) report(() => came.xml(name, oddity))
  }

  const append = (more: string) => {
    if (!leaf) return
    if (text.length + more.length <= limits.text) text = text === '' ? more : text + more
    else problem ??= `holds a text of over ${limits.text} characters`
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
    if (leaf) {
      problem ??= `has an element inside ${name}`
      attributes = []
      skipped = 1
      return
    }
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
    name = known
    problem = (frame.seen & child.bit) === 0 ? undefined : `has ${known} twice in one record`
    frame.seen |= child.bit
    if ('read' in child) {
      leaf = child
      nil = isNothing
      text = ''
      return
    }
    if (problem !== undefined) throw new NotAnAnswer(problem)
    const value = child.value === 'outer' ? frame.value : {}
    frame = { parent: child, name: known, value, seen: 0, scope, nil: isNothing }
    frames.push(frame)
    if (child.value === 'rows') came.begin()
  }
  parser.onclosetag = () => {
    silence = 0
    if (skipped > 0) {
      skipped--
      return
    }
    if (leaf) {
      closeLeaf(leaf)
      leaf = undefined
      return
    }
    const closed = frame
    const { required, value: kind, key } = closed.parent
    frames.pop()
    frame = frames[frames.length - 1] as OpenElement
    if (kind === 'rows') closeRow(closed, required)
    else if (kind === 'own' && !(closed.nil && closed.seen === 0)) {
      const missing = required.find((key) => closed.value[key] === undefined)
      if (missing !== undefined) throw new NotAnAnswer(`has a record without ${missing}`)
      frame.value[key] = closed.value
    }
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

interface OpenElement {
  parent: Parent
  name: string
  value: DecodedRow
  seen: number
  scope: Scope
  /** True where the element says of itself that it is nothing. */
  nil?: boolean
  /** The first element of it that cannot be read. */
  odd?: string
}

/** The deepest element that is read stands at 8; an account of 500,000 numbers has 11.5 million elements. */
const limits = { depth: 32, elements: 20_000_000, text: 65_536, silence: 1_048_576, piece: 65_536, shown: 10 } as const
