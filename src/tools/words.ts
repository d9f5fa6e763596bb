import { explain } from '../carrier/outcomes.ts'

/** The carrier's own words as a field, where they say more than its code does. */
export function wordsBeside(code: number | undefined, words: string | undefined): { words?: string } {
  if (words === undefined || (code !== undefined && plain(words) === plain(explain(code).meaning))) return {}
  return { words }
}

const plain = (sentence: string): string => sentence.toLowerCase().replace(/[\s.]+$/, '')
