import { type JSONVisitor, parse, visit } from 'jsonc-parser'
import type { Oddity } from './clients.ts'

/** A text as JSON, with what stands in it and is none. */
export interface Read {
  /** The value; absent where it is no JSON even without its oddities. */
  value?: unknown
  /** The oddities, in their order. */
  odd: readonly OddPlace[]
  /** The offset from which it can be JSON no longer; absent where it is JSON. */
  wrong?: number
}

interface OddPlace {
  oddity: Oddity
  /** Characters before it. */
  at: number
}

/** Reads JSON, and what is JSON but for comments, commas too many and a byte order mark. */
export function readJson(text: string): Read {
  try {
    return { value: JSON.parse(text), odd: [] }
  } catch {
    // The parser's own message is of no use: it often has no place, and quotes the file, which may hold secrets.
    return readOdd(text)
  }
}

/** `line 3, column 5`, both counted from 1. */
export function placeOf(text: string, at: number): string {
  const before = text.slice(0, at).split('\n')
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}

const lenient = { allowTrailingComma: true }

function readOdd(text: string): Read {
  const marked = text.startsWith('\uFEFF')
  // The mark is replaced by a blank, so that every place stays what it is.
  const body = marked ? ` ${text.slice(1)}` : text
  const odd: OddPlace[] = marked ? [{ oddity: 'byte order mark', at: 0 }] : []
  let wrong: number | undefined
  let comma: number | undefined
  const value = () => {
    comma = undefined
  }
  const end = () => {
    if (comma !== undefined) odd.push({ oddity: 'comma', at: comma })
    comma = undefined
  }
  const visitor: JSONVisitor = {
    onComment: (at) => void odd.push({ oddity: 'comment', at }),
    onSeparator: (sign, at) => {
      comma = sign === ',' ? at : undefined
    },
    onObjectBegin: value,
    onArrayBegin: value,
    onObjectProperty: value,
    onLiteralValue: value,
    onObjectEnd: end,
    onArrayEnd: end,
    onError: (_error, at) => {
      wrong = Math.min(wrong ?? at, at)
    },
  }
  visit(body, visitor, lenient)
  odd.sort((a, b) => a.at - b.at)
  return wrong === undefined ? { value: parse(body, [], lenient), odd } : { odd, wrong }
}
