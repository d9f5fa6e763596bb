import type { Oddity } from '../clients.ts'

/** A text as JSON, with what stands in it and is none. */
export interface Read {
  /** Absent where it is no JSON even without its oddities. */
  value?: unknown
  /** In their order. */
  odd: readonly Odd[]
  /** Where it can be JSON no longer; absent where it is. */
  wrong?: number
}

interface Odd {
  oddity: Oddity
  /** Characters before it. */
  at: number
  length: number
}

/** Reads JSON, and what is JSON but for comments, commas too many and a byte order mark. */
export function readJson(text: string): Read {
  try {
    return { value: JSON.parse(text), odd: [] }
  } catch {
    // The parser's own message is of no use: it often has no place, and quotes the file, which may hold secrets.
    const { odd, wrong } = scan(text)
    if (wrong !== undefined) return { odd, wrong }
    let plain = ''
    let from = 0
    for (const { at, length } of odd) {
      plain += text.slice(from, at)
      from = at + length
    }
    return { value: JSON.parse(plain + text.slice(from)), odd }
  }
}

/** `line 3, column 5`, both counted from 1. */
export function placeOf(text: string, at: number): string {
  const before = text.slice(0, at).split('\n')
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}

// All but `"`, `\` and control characters may stand in a string: space, `!`, `#` to `[`, `]` and on.
const token = new RegExp(
  [
    /(?<blank>[ \t\r\n]+)/,
    /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/)/,
    /(?<string>"[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ !#-[\]-\uffff]*)*")/,
    /(?<other>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)/,
    /(?<sign>[{}[\],:])/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'y',
)

/** What may come next. After a comma an end is odd, at the beginning it is not. */
type Expected = 'value' | 'item' | 'first item' | 'key' | 'first key' | 'colon' | 'comma or end'

function scan(text: string): Pick<Read, 'odd' | 'wrong'> {
  const odd: Odd[] = []
  const ends: string[] = []
  let expected: Expected = 'value'
  let comma = 0
  let at = 0
  if (text.startsWith('\uFEFF')) odd.push({ oddity: 'byte order mark', at: at++, length: 1 })
  while (at < text.length) {
    token.lastIndex = at
    const found = token.exec(text)
    if (found === null) return { odd, wrong: at }
    const [{ length }] = found
    const { blank, comment, string, sign } = found.groups ?? {}
    if (comment !== undefined) odd.push({ oddity: 'comment', at, length })
    else if (blank === undefined) {
      const next = follow(expected, ends, string === undefined ? sign : '"')
      if (next === undefined) return { odd, wrong: at }
      const isEnd = sign === '}' || sign === ']'
      if (isEnd && (expected === 'item' || expected === 'key')) odd.push({ oddity: 'comma', at: comma, length: 1 })
      if (sign === ',') comma = at
      expected = next
    }
    at += length
  }
  const whole = expected === 'comma or end' && ends.length === 0
  return { odd: odd.sort((a, b) => a.at - b.at), ...(!whole && { wrong: at }) }
}

/**
 * @param ends of what is open, the innermost last; kept up to date here
 * @param sign `"` is a string, undefined a number or a word
 * @returns what may come after this, undefined where this may not come
 */
function follow(expected: Expected, ends: string[], sign: string | undefined): Expected | undefined {
  if (sign === '}' || sign === ']') {
    const may = expected !== 'value' && expected !== 'colon'
    return may && ends.pop() === sign ? 'comma or end' : undefined
  }
  if (expected === 'comma or end') {
    if (sign !== ',' || ends.length === 0) return undefined
    return ends.at(-1) === '}' ? 'key' : 'item'
  }
  if (expected === 'colon') return sign === ':' ? 'value' : undefined
  if (expected === 'key' || expected === 'first key') return sign === '"' ? 'colon' : undefined
  if (sign === ',' || sign === ':') return undefined
  if (sign === '{') {
    ends.push('}')
    return 'first key'
  }
  if (sign === '[') {
    ends.push(']')
    return 'first item'
  }
  return 'comma or end'
}
