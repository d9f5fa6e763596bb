import { harmless, inert, legible, visible } from '../domain/untrusted.ts'

/** An answer without a text in it that nobody looked at (law 6 of the house). */
export type Clean = string | number | boolean | Clean[] | CleanObject
export interface CleanObject {
  [name: string]: Clean
}

/** The answer for a program, which may compare it and send it back: texts are exact, without what cannot be seen. */
export const cleanData = (answer: object): CleanObject => cleanObject(answer, dataOf)

/** The answer for a model that reads it as a text: nothing of the carrier's in it is markup, a link or HTML. */
export const cleanText = (answer: object): CleanObject => cleanObject(answer, textOf)

/** How much of a field is shown, characters. */
export function mostOf(name: string): number {
  if (ownWords.has(name)) return mostOwn
  return name === 'meaning' ? mostMeaning : mostShown
}

/** Our own fields: nothing of the carrier's or a model's is in them that is not harmless already. */
export const ownWords: ReadonlySet<string> = new Set([
  'summary',
  'preview',
  'nextCursor',
  'ticket',
  'approvalId',
  'operationId',
  'id',
  'caller',
  'confirmedBy',
  'account',
  'csv',
  'uri',
])

const mostShown = 200
/** The most characters of a meaning, above the longest: what the carrier answered, what to do, and what was seen since. */
const mostMeaning = 500
/** The most characters of our own texts; far above any of them. */
const mostOwn = 4_000

type CleanString = (text: string, name: string) => string

/** The carrier's words are nothing that is compared or sent back, and read as a sentence. */
const dataOf: CleanString = (text, name) => (name === 'words' ? harmless : legible)(text, mostOf(name))

const textOf: CleanString = (text, name) => (ownWords.has(name) ? visible : inert)(text, mostOf(name))

function cleanObject(value: object, clean: CleanString): CleanObject {
  const cleaned: [string, Clean][] = []
  for (const [key, inner] of Object.entries(value) as [string, unknown][]) {
    const kept = cleanValue(inner, key, clean)
    if (kept !== undefined) cleaned.push([visible(key), kept])
  }
  return Object.fromEntries(cleaned)
}

function cleanValue(value: unknown, name: string, clean: CleanString): Clean | undefined {
  if (typeof value === 'string') return clean(value, name)
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.flatMap((inner) => cleanValue(inner, name, clean) ?? [])
  return typeof value === 'object' && value !== null ? cleanObject(value, clean) : undefined
}
