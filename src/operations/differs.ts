import type { OperationRow } from '../journal/operation.ts'
import type { Compared, Difference, Write } from './write.ts'

/**
 * The facts of a number that are not as asked or as shown, where the write has taken effect on it: one that was done, and
 * one that is uncertain because the carrier has acted otherwise.
 */
export function differsOf(write: Write, row: Compared & Pick<OperationRow, 'outcome'>): readonly Difference[] {
  const { outcome, before, after } = row
  if (after === undefined) return []
  const otherwise = outcome === 'uncertain' && write.hasActed(before, after)
  return outcome === 'done' || otherwise ? write.differs(row) : []
}

/** The same for a person, e.g. `not as asked: endpoint group 9999 instead of 8674`; undefined where all is as it should be. */
export function describeDifferences(write: Write, row: Compared): string | undefined {
  const differ = write.differs(row)
  const parts = (['asked', 'shown'] as const).map((than) => {
    const words = differ.filter(({ from }) => from === than).map(({ words }) => words)
    return words.length > 0 ? `not as ${than}: ${words.join(', ')}` : undefined
  })
  return parts.filter(Boolean).join('; ') || undefined
}
