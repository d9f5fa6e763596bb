import type { Conclusion } from '../write.ts'
import type { DidReading } from './did-look.ts'

/** What a query may conclude, in the letters of docs/write-path.md, whose table each write's `conclude` is read beside. */

/** Y assigned to us, R reserved for us, A available, O another company's, N none, `?` anything else. */
export type Letter = 'Y' | 'R' | 'A' | 'O' | 'N' | '?'

export function letterOf({ facts, none }: DidReading): Letter {
  if (facts.status === 'yours') return 'Y'
  if (facts.status === 'reserved') return 'R'
  if (facts.status === 'available') return 'A'
  if (facts.status === 'taken') return 'O'
  return none ? 'N' : '?'
}

export const done = (seen: string): Conclusion => ({ outcome: 'done', when: 'now', seen })

export const failed = (seen: string, therefore?: string): Conclusion => {
  return { outcome: 'failed', when: 'quiet', seen, ...(therefore !== undefined && { therefore }) }
}

export const open = (seen: string): Conclusion => ({ outcome: 'uncertain', when: 'now', seen })

/** Done, if an audit that was begun later does not list it. */
export const doneIfUnlisted = (seen: string, therefore: string): Conclusion => {
  return { outcome: 'done', when: 'audit', seen, therefore }
}
