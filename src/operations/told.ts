import type { WriteAnswer } from '../carrier/carrier.ts'
import { accessRefused, explain, judge } from '../carrier/outcomes.ts'
import { visible } from '../domain/untrusted.ts'
import type { IntentRow, Settled } from '../journal/operation.ts'
import { describeDifferences } from './differs.ts'
import type { Answered, Write } from './write.ts'

/** What an answer says of one number: how it ended, or what a query has to start from. */
export type Told = { settled: Settled } | { open: Open; unread: boolean }

/** A number whose outcome a query has to tell, with what was answered of it. */
export type Open = IntentRow & Partial<Pick<Settled, 'code' | 'words' | 'after' | 'heldUntil' | 'fencedUntil' | 'seen'>>

/**
 * What the answer to a write says of each number that it was for, in their order: docs/write-path.md, "What is known
 * after a request". An answer counts for a number only if it holds exactly one row for it.
 *
 * @param read when the answer was read, and until when the request may still act where it says nothing (`fencedUntil`)
 */
export function judgeAnswer(
  write: Write,
  rows: readonly IntentRow[],
  answer: WriteAnswer<Answered>,
  read: { at: number; fencedUntil: number },
): Told[] {
  const { code, message } = answer
  // An envelope that is not a success speaks for every number in it, whatever its rows say.
  if (code !== 100) return rows.map((row) => judgeCode(write, row, { code, words: message, on: 'envelope' }, read))
  const answered = rowsByNumber(answer.dids)
  return rows.map((row) => {
    const [did, ...more] = answered.get(row.tn) ?? []
    if (did === undefined || more.length > 0) {
      return { open: { ...row, fencedUntil: read.fencedUntil }, unread: true }
    }
    if (judge(write.tool, did.statusCode, 'number') === 'done') return judgeDone(write, row, did, read)
    return judgeCode(write, row, { code: did.statusCode, words: did.status, on: 'number' }, read)
  })
}

/** The carrier's words as they are kept: without what cannot be seen, at most 200 characters; none where it said none. */
export function wordsOf(text: string | undefined): string | undefined {
  return visible(text ?? '', mostWords) || undefined
}

const mostWords = 200

function rowsByNumber(dids: readonly Answered[]): Map<string, Answered[]> {
  const rows = new Map<string, Answered[]>()
  for (const did of dids) rows.set(did.tn, [...(rows.get(did.tn) ?? []), did])
  return rows
}

/** A code that does not say that it worked. */
function judgeCode(
  write: Write,
  row: IntentRow,
  { code, on, ...said }: { code: number; words: string | undefined; on: 'envelope' | 'number' },
  { fencedUntil }: { fencedUntil: number },
): Told {
  const words = wordsOf(said.words)
  const outcome = judge(write.tool, code, on)
  // Of all envelopes that are no success these alone say that nothing was done.
  if (outcome === 'failed' && (on === 'number' || accessRefused(code))) {
    const { meaning, next } = explain(code)
    return { settled: { tn: row.tn, outcome: 'failed', code, meaning: `${meaning}. ${next}`, words } }
  }
  // What speaks of the present leaves nothing behind that could still land.
  if (outcome === 'present') return { open: { ...row, code, words }, unread: false }
  return { open: { ...row, code, words, fencedUntil }, unread: true }
}

/** A code of success: what the row and its sentence say is told, unless they speak against what was asked. */
function judgeDone(
  write: Write,
  row: IntentRow,
  did: Answered,
  { at, fencedUntil }: { at: number; fencedUntil: number },
): Told {
  const { after, heldMs, contradicts } = write.after(row, did)
  const said = {
    code: did.statusCode,
    words: wordsOf(did.status),
    after,
    ...(heldMs !== undefined && { heldUntil: at + heldMs }),
  }
  if (contradicts) return { open: { ...row, ...said, fencedUntil }, unread: false }
  const meaning = describeDifferences(write, { ...row, after })
  return { settled: { tn: row.tn, outcome: 'done', ...said, ...(meaning !== undefined && { meaning }) } }
}
