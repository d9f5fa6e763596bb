import type { CatalogueNumber } from './catalogue.ts'
import { type CodeTail, reservationMinutes, type Truth } from './inventory.ts'
import type { ElementRow } from './xml.ts'

/** The service's shapes: all of docs/carrier.md section 3, or the older subset of section 5. */
export type RowSchema = 'full' | 'older'

/** What is asked of one number, as the first three digits of its status code say. */
export type SaidOf = keyof typeof prefixes

/** A number of ours, as audits and queries show it. */
export function ourRow(truth: Truth): ElementRow {
  const { refId, rewrite, epg } = truth
  return didRow(truth, {
    status: `Number currently assigned to you with refid '${refId}' rewritten as '${rewrite}' to endpoint '${epg}'`,
    statusCode: '100',
    endpointId: epg,
    expireDate: noDate,
  })
}

/** The answer to a query: the number, or the dummy that stands for none. */
export function queriedRow(truth: Truth): ElementRow {
  const { state, owner } = truth
  if (owner === 'other')
    return didRow(truth, { ...refused('query', state === 'reserved' ? '230' : '235'), tier: noTier })
  switch (state) {
    case 'assigned':
      return ourRow(truth)
    case 'reserved':
      return didRow(truth, { status: 'Number currently reserved for you', statusCode: '100', expireDate: until(truth) })
    case 'available':
      return didRow(truth, {
        status: texts[231],
        statusCode: '100',
        ...(truth.listing?.tollFree && tollFreeOnTheShelf),
      })
    case 'released':
      return didRow(truth, { ...refused('query', '420'), expireDate: noDate })
    case 'unknown':
      return didRow(truth, { ...refused('query', '420'), tn: '', expireDate: noDate })
  }
}

/**
 * One number's part in the answer to a write. Its endpoint group stands in the status text alone, and much is left
 * empty (docs/carrier.md, section 4, points 10 and 11).
 */
export function writtenRow(said: SaidOf, tail: CodeTail, truth: Truth): ElementRow {
  const unsaid = { availability: '', rewrite: '', expireDate: noDate, ...(said === 'release' && { tier: '' }) }
  if (tail === '100') return didRow(truth, { status: succeeded(said, truth), statusCode: '100', ...unsaid })
  const tier = truth.owner === 'other' || tail === '420' ? { tier: noTier } : {}
  return didRow(truth, { ...refused(said, tail), ...tier, ...unsaid })
}

/** What the audit of an account without numbers holds. */
export function noneOwnedRow(): ElementRow {
  const nothing = {
    epg: 0,
    cnam: false,
    refId: '',
    rewrite: '',
    has911: false,
    cnamName: '',
    failover: '',
    forward: '',
  }
  const truth: Truth = { tn: '', state: 'unknown', ...nothing }
  return didRow(truth, { status: 'UNKNOWN', statusCode: '101200', expireDate: noDate })
}

export function locatorRow(listing: CatalogueNumber): ElementRow {
  const { tn, rateCenter, state, lataId, outboundCNAM, t38, sms, network } = listing
  return { tn, rateCenter, state, tier: listedTier(listing), lataId, outboundCNAM, t38, sms, network }
}

/** @param count how many numbers are like this one. */
export function countRow(count: number, like: CatalogueNumber): ElementRow {
  const { rateCenter, state, lataId, outboundCNAM: cnam, t38, sms } = like
  return { didCount: String(count), rateCenter, state, tier: listedTier(like), lataId, cnam, t38, sms }
}

/** The row without what the older service leaves out. */
export function inSchema(schema: RowSchema, row: ElementRow): ElementRow {
  if (schema === 'full') return row
  const newer = 'statusCode' in row ? newerInDid : newerInListings
  return Object.fromEntries(Object.entries(row).filter(([element]) => !newer.has(element)))
}

/** A time as the carrier writes it: without zone (here UTC), with milliseconds unless they are zero. */
export function zoneless(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/(\.000)?Z$/, '')
}

const prefixes = { query: '102', reserve: '103', assign: '104', config: '105', release: '106' }

/** Sentinels that stand for "no value" (docs/carrier.md, section 4). */
const noDate = '1900-01-01T00:00:00'
const noTier = '-99999'

/** docs/carrier.md, section 5. */
const newerInDid = new Set(['failover', 'forward', 'cnamName', 'state', 'rateCenter', 'didGroupId', 'Network'])
const newerInListings = new Set(['sms', 'network'])

/** The words of section 6 by the code's tail, and of section 4 where it has them. */
const texts: { readonly [tail in Exclude<CodeTail, '100'>]: string } = {
  220: 'Number already reserved for you',
  221: 'Unknown error',
  225: 'Number already assigned to you',
  230: 'Number currently reserved for another company',
  231: 'Number currently available',
  235: 'Number currently assigned to another company',
  241: 'Number previously released, but not currently available',
  250: 'You do not purchase 800 origination',
  251: 'You do not purchase standard origination',
  258: 'Bad endpoint group. This remote may not service it',
  259: 'Tier not available to your account',
  420: 'Could not find number',
}

/** The codes whose text is said in other words. */
const ownTexts: { readonly [code: string]: string } = {
  102420: 'UNKNOWN',
  103221: 'Unknown error reserving number',
  104221: 'Unknown error assigning number',
  105221: 'Number not currently assigned to you',
  105225: 'Number reserved for you, not assigned',
  106220: 'Number still reserved for you',
  106225: 'Number still assigned to you',
}

function refused(said: SaidOf, tail: Exclude<CodeTail, '100'>): { status: string; statusCode: string } {
  const code = prefixes[said] + tail
  return { status: ownTexts[code] ?? texts[tail], statusCode: code }
}

function succeeded(said: SaidOf, truth: Truth): string {
  const { epg, rewrite } = truth
  const tier = tierOf(truth)
  if (said === 'reserve') return `Reserved for ${reservationMinutes} minutes -- Will be Tier ${tier}`
  return `${said === 'config' ? 'Reconfigured' : 'Assigned'} to endpoint '${epg}' rewritten as '${rewrite}' Tier ${tier}`
}

function until({ reservedUntil }: Truth): string {
  return reservedUntil === undefined ? noDate : zoneless(reservedUntil)
}

/** What a search shows: a toll-free number's tier is told when it is held, not before. */
export function listedTier({ tier, tollFree }: CatalogueNumber): string {
  return tollFree ? '' : tier
}

function tierOf({ tier, listing }: Truth): string {
  return tier ?? listing?.tier ?? noTier
}

const tollFreeOnTheShelf = { availability: 'Available', tier: noTier }

interface OwnDid {
  status: string
  statusCode: string
  tn?: string
  availability?: string
  rewrite?: string
  tier?: string
  endpointId?: number
  expireDate?: string
}

/** A whole DID. `didGroupId` is always absent. */
function didRow(truth: Truth, own: OwnDid): ElementRow {
  const { listing } = truth
  return {
    tn: own.tn ?? truth.tn,
    availability: own.availability ?? availability(truth),
    rewrite: own.rewrite ?? truth.rewrite,
    status: own.status,
    statusCode: own.statusCode,
    tier: own.tier ?? tierOf(truth),
    refId: truth.refId,
    failover: truth.failover,
    forward: truth.forward,
    cnamName: truth.cnamName,
    state: listing?.state ?? '',
    rateCenter: listing?.rateCenter ?? '',
    Network: listing?.network ?? '',
    endpointId: own.endpointId ?? 0,
    ...(own.expireDate !== undefined && { expireDate: own.expireDate }),
    has411: false,
    has911: truth.has911,
    cnam: truth.cnam,
    cnamStorageActive: truth.cnamName !== '',
    cnamStorageAvailability: listing?.outboundCNAM ?? false,
    t38: listing?.t38 ?? false,
  }
}

function availability({ state }: Truth): string {
  return state === 'unknown' || state === 'released' ? 'Unavailable' : state
}
