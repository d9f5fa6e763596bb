import type { Did } from '../../carrier/carrier.ts'
import type { Facts } from '../../domain/facts.ts'
import type { Row, Said } from '../write.ts'
import { contradicts } from './did-differences.ts'
import type { DidKind } from './did-look.ts'

/**
 * What rows of success say that a number is now, never what was asked of it. A sentence is the last word on endpoint group
 * and tier (docs/carrier.md, section 4, point 11); empty elements and a sentence of unknown form say nothing.
 */

/** What is said of a number that is in service now. */
export function inService(row: Row<DidKind>, did: Did): Said {
  const after: Facts = { status: 'yours', ...tierSaid(did, sentences.tier), ...referenceSaid(did) }
  const epg = Number(sentenceOf(did, sentences.endpoint) ?? did.endpointId ?? 0)
  if (epg > 0) after.epg = epg
  // A flag is always there, whether it says something or not: it is compared where the dip was asked, and told only then.
  if (row.asked.cnam !== undefined && did.cnam !== undefined) after.cnam = did.cnam
  return { after, contradicts: contradicts(row, did, after) }
}

/** What is said of a number that is held now. */
export function held(row: Row<DidKind>, did: Did): Said {
  const after: Facts = { status: 'reserved', ...tierSaid(did, sentences.tierToBe), ...referenceSaid(did) }
  const minutes = sentenceOf(did, sentences.minutes)
  const heldMs = minutes === undefined ? undefined : Number(minutes) * 60_000
  return { after, heldMs, contradicts: contradicts(row, did, after) }
}

/** What is said of a number that was given back. */
export function gone(row: Row<DidKind>, did: Did): Said {
  // 106241: released, and not for sale at once.
  const status = did.statusCode === 106241 ? 'unknown' : 'available'
  const after: Facts = { status, ...tierSaid(did, sentences.tier) }
  return { after, contradicts: contradicts(row, did, after) }
}

/** Nothing is looked for behind a quotation mark but the tier at the very end: what stands between two may be a customer's. */
const sentences = {
  endpoint: /^[^']*\bto endpoint '(\d{1,10})'/i,
  tier: /^[^']*\bto endpoint '.*' tier ([\w-]{1,16})\.?$/i,
  tierToBe: /^[^']*\bwill be tier ([\w-]{1,16})/i,
  minutes: /^[^']*\breserved for (\d{1,3}) minutes/i,
}

const noTier = '-99999'

function sentenceOf(did: Did, pattern: RegExp): string | undefined {
  return pattern.exec((did.status ?? '').replace(/\s+/g, ' ').trim())?.[1]
}

function tierSaid(did: Did, pattern: RegExp): Pick<Facts, 'tier'> {
  const tier = sentenceOf(did, pattern) ?? did.tier
  return tier === undefined || tier === noTier ? {} : { tier }
}

function referenceSaid({ refId }: Did): Pick<Facts, 'refId'> {
  return refId === undefined ? {} : { refId }
}
