import { createHash, randomBytes } from 'node:crypto'
import type { AtDoor } from './at-the-door.ts'
import type { ReadingDoor } from './door.ts'

type Bound = Pick<AtDoor, 'request' | 'asked' | 'caller'> & { door: Pick<ReadingDoor, 'account'> }

/** What a yes is bound to: account, caller, tool and the rows as asked, in their one order and format. */
export function bindingOf({ door, request, asked, caller }: Bound): string {
  // Sorted by key, and without what was left out: one way to write what is asked, whatever a write's settings are called.
  const rows = asked.map(({ tn, ...settings }) => {
    const given = Object.entries(settings).filter(([, value]) => value !== undefined)
    return [tn, given.sort(([one], [other]) => (one < other ? -1 : 1))]
  })
  return sha256(JSON.stringify([door.account.id, caller.name, request.tool.name, rows]))
}

/** 128 random bits behind a word that says what it is. */
export function newId(word: string): string {
  return `${word}_${randomBytes(16).toString('base64url')}`
}

/** A secret as the journal keeps it, and a binding. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
