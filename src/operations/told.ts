import type { Did, WriteAnswer } from '../carrier/carrier.ts'
import { accessRefused, explain, judge, queryStatus } from '../carrier/outcomes.ts'
import type { Facts } from '../domain/facts.ts'
import { visible } from '../domain/untrusted.ts'
import type { WriteTool } from '../domain/write-tool.ts'
import type { IntentRow, Settled } from '../journal/operation.ts'
import { describeDifferences, notAsAsked } from './differs.ts'

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
  tool: WriteTool,
  rows: readonly IntentRow[],
  answer: WriteAnswer,
  read: { at: number; fencedUntil: number },
): Told[] {
  const { code, message } = answer
  // An envelope that is not a success speaks for every number in it, whatever its rows say.
  if (code !== 100) return rows.map((row) => judgeCode(tool, row, { code, words: message, on: 'envelope' }, read))
  const answered = rowsByNumber(answer.dids)
  return rows.map((row) => {
    const [did, ...more] = answered.get(row.tn) ?? []
    if (did === undefined || more.length > 0) {
      return { open: { ...row, fencedUntil: read.fencedUntil }, unread: true }
    }
    if (judge(tool, did.statusCode, 'number') === 'done') return judgeDone(tool, row, did, read)
    return judgeCode(tool, row, { code: did.statusCode, words: did.status, on: 'number' }, read)
  })
}

/** The carrier's words as they are kept: without what cannot be seen, at most 200 characters; none where it said none. */
export function wordsOf(text: string | undefined): string | undefined {
  return visible(text ?? '', mostWords) || undefined
}

const mostWords = 200

function rowsByNumber(dids: readonly Did[]): Map<string, Did[]> {
  const rows = new Map<string, Did[]>()
  for (const did of dids) rows.set(did.tn, [...(rows.get(did.tn) ?? []), did])
  return rows
}

/** A code that does not say that it worked. */
function judgeCode(
  tool: WriteTool,
  row: IntentRow,
  { code, on, ...said }: { code: number; words: string | undefined; on: 'envelope' | 'number' },
  { fencedUntil }: { fencedUntil: number },
): Told {
  const words = wordsOf(said.words)
  const outcome = judge(tool, code, on)
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
  tool: WriteTool,
  row: IntentRow,
  did: Did,
  { at, fencedUntil }: { at: number; fencedUntil: number },
): Told {
  const { after, minutes } = answeredFacts(tool, row, did)
  const said = {
    code: did.statusCode,
    words: wordsOf(did.status),
    after,
    ...(minutes !== undefined && { heldUntil: at + minutes * 60_000 }),
  }
  if (contradicts(row, did, after)) return { open: { ...row, ...said, fencedUntil }, unread: false }
  const meaning = describeDifferences({ ...row, after })
  return { settled: { tn: row.tn, outcome: 'done', ...said, ...(meaning !== undefined && { meaning }) } }
}

/**
 * What a row of success says that the number is now, never what was asked of it. A sentence is the last word on endpoint
 * group and tier (docs/carrier.md, section 4, point 11); empty elements and a sentence of unknown form say nothing.
 */
function answeredFacts(tool: WriteTool, row: IntentRow, did: Did): { after: Facts; minutes?: number } {
  const sentence = (did.status ?? '').replace(/\s+/g, ' ').trim()
  const said = (pattern: RegExp): string | undefined => pattern.exec(sentence)?.[1]
  // 106241: released, and not for sale at once.
  const released = did.statusCode === 106241 ? 'unknown' : 'available'
  const after: Facts = { status: tool === 'releaseDID' ? released : tool === 'reserveDID' ? 'reserved' : 'yours' }
  const tier = said(tool === 'reserveDID' ? sentences.tierToBe : sentences.tier) ?? did.tier
  if (tier !== undefined && tier !== noTier) after.tier = tier
  if (tool === 'releaseDID') return { after }
  if (did.refId !== undefined) after.refId = did.refId
  if (tool === 'reserveDID') {
    const minutes = said(sentences.minutes)
    return minutes === undefined ? { after } : { after, minutes: Number(minutes) }
  }
  const epg = Number(said(sentences.endpoint) ?? did.endpointId ?? 0)
  if (epg > 0) after.epg = epg
  // A flag is always there, whether it says something or not: it is compared where the dip was asked, and told only then.
  if (row.asked.cnam !== undefined && did.cnam !== undefined) after.cnam = did.cnam
  return { after }
}

/** Nothing is looked for behind a quotation mark but the tier at the very end: what stands between two may be a customer's. */
const sentences = {
  endpoint: /^[^']*\bto endpoint '(\d{1,10})'/i,
  tier: /^[^']*\bto endpoint '.*' tier ([\w-]{1,16})\.?$/i,
  tierToBe: /^[^']*\bwill be tier ([\w-]{1,16})/i,
  minutes: /^[^']*\breserved for (\d{1,3}) minutes/i,
}

const noTier = '-99999'

/** Whether a row of success says otherwise than what was asked, or than itself. */
function contradicts(row: IntentRow, did: Did, after: Facts): boolean {
  const shown = queryStatus(100, did.availability)
  return (
    (shown !== 'unknown' && shown !== after.status) ||
    (after.epg !== undefined && did.endpointId !== undefined && did.endpointId !== after.epg) ||
    notAsAsked(row.asked, after).length > 0
  )
}
