import type { NumberStatus } from '../domain/facts.ts'
import { type WriteTool, writeTools } from '../domain/write-tool.ts'

/** What a code of the carrier says. Source of every row: docs/carrier.md, section 6. */
export interface CodeMeaning {
  code: number
  /** The place in which the carrier writes it: on the envelope (`responseCode`) or on each number (`statusCode`). */
  on: 'envelope' | 'number' | 'both'
  /** The operations that answer it. */
  operations: readonly string[]
  meaning: string
  /**
   * - `done`: it worked.
   * - `failed`: nothing was done.
   * - `present`: it speaks of what the number is now, not of this request; one query tells the rest.
   * - `none`: it is no answer: only a query tells, and nobody knows that the carrier cannot still act.
   */
  outcome: 'done' | 'failed' | 'present' | 'none'
  /** What to do next, for a person. */
  next: string
}

/**
 * What is known of one number after a write was answered with this code, there where the carrier writes it. Done is only
 * 100 (reserve, assign, config) and 106231, 106241 (release: a release that worked never answers 100). A code that is
 * not in the table, belongs to another operation or stands in another place is no answer, and never success.
 */
export function judge(tool: WriteTool, code: number, on: 'envelope' | 'number'): CodeMeaning['outcome'] {
  const row = byCode.get(code)
  return row?.operations.includes(tool) && (row.on === on || row.on === 'both') ? row.outcome : 'none'
}

/**
 * Whether an envelope says that the caller was not let in (login, secret or IP address). Of all envelopes that are no
 * success these alone say that nothing was done.
 */
export function accessRefused(code: number): boolean {
  return code === 901 || code === 902
}

/** A code in a person's words. Never throws: an undocumented code gets a sentence that says so. */
export function explain(code: number): { meaning: string; next: string } {
  const row = byCode.get(code)
  return row
    ? { meaning: row.meaning, next: row.next }
    : { meaning: `code ${code}, which the carrier does not document`, next: next.look }
}

/**
 * What a number is to this account, from one answered query.
 *
 * @param code of the number's row
 * @param availability the carrier's word: `assigned`, `reserved`, `available`, `Unavailable`
 */
export function queryStatus(code: number, availability: string | undefined): NumberStatus {
  if (code === 102230 || code === 102235) return 'taken'
  if (code !== 100) return 'unknown'
  switch (availability?.toLowerCase()) {
    case 'assigned':
      return 'yours'
    case 'reserved':
      return 'reserved'
    case 'available':
      return 'available'
    default:
      return 'unknown'
  }
}

const next = {
  nothing: 'Nothing: it worked.',
  look: 'Ask queryDID what the number is now before trying again.',
  other: 'Choose another number with getDIDs.',
  exists: 'Check the digits; find numbers that exist with getDIDs, or your own with auditDIDs.',
  epg: 'Use an endpoint group of this account that may serve the number; auditDIDs shows those in use.',
  plan: 'Choose a number of a kind this account buys, or ask the carrier to add it to the account.',
  tier: 'Choose a number of another tier, or ask the carrier to open this tier to the account.',
  credentials:
    "Check login, secret and the caller's IP address: all three are set in the carrier's Back Office under API Users.",
  notYours: 'Nothing can be changed here: auditDIDs lists the numbers of this account.',
} as const

const reads911 = [
  'validate911',
  'query911',
  'audit911',
  'getLocations',
  'getProvisioningHistory',
  'Query911Alert',
] as const
const reads = [
  'auditDIDs',
  'queryDID',
  'getDIDs',
  'getDIDCount',
  'isPortable',
  'getPortDetails',
  ...reads911,
  'GetCNAMDisplay',
  'GetDIDFailover',
  'GetDIDForward',
  'GetPrepaidBalance',
] as const
const all = [...reads, ...writeTools]

type CodeRow = readonly [
  code: number,
  operations: readonly string[],
  outcome: CodeMeaning['outcome'],
  meaning: string,
  next: string,
]

const envelope: readonly CodeRow[] = [
  [101, reads, 'failed', 'no records found', 'Widen the search.'],
  [900, all, 'none', 'an exception occurred at the carrier', next.look],
  [901, all, 'failed', 'client IP not found', next.credentials],
  [902, all, 'failed', 'username, password or IP not found', next.credentials],
  [941, reads911, 'failed', '911 is not enabled for this number', 'Nothing can be asked or changed about 911 here.'],
  [944, all, 'present', 'invalid number', 'Check the digits, and ask queryDID what the number is now.'],
  [948, writeTools, 'present', 'you do not own the specified endpoint group', `${next.epg} ${next.look}`],
  [302490, ['getDIDs', 'getDIDCount'], 'failed', 'no search criteria defined', 'Give at least one criterion.'],
]

const success: CodeRow = [
  100,
  all.filter((operation) => operation !== 'releaseDID'),
  'done',
  'success: available, assigned or reserved to you',
  next.nothing,
]

const query = ['queryDID']
const reserve = ['reserveDID']
const assign = ['assignDID']
const config = ['configDID']
const release = ['releaseDID']

const numbers: readonly CodeRow[] = [
  [101200, ['auditDIDs'], 'failed', 'no records found', 'The account owns no numbers.'],
  [102230, query, 'failed', 'reserved for another company', 'Ask again in 30 minutes, or choose another number.'],
  [102235, query, 'failed', 'assigned to another company', next.other],
  [102420, query, 'failed', 'no records found', next.exists],
  [103220, reserve, 'present', 'already reserved for you', next.look],
  [103221, reserve, 'none', 'unknown error reserving number', next.look],
  [103225, reserve, 'present', 'already assigned to you', next.look],
  [103230, reserve, 'failed', 'reserved for another company', next.other],
  [103235, reserve, 'failed', 'assigned to another company', next.other],
  [103250, reserve, 'failed', 'you do not purchase 800 (toll-free) origination', next.plan],
  [103259, reserve, 'failed', 'tier not available to your account', next.tier],
  [103420, reserve, 'failed', 'could not find number', next.exists],
  [104220, assign, 'present', 'already reserved for you', next.look],
  [104221, assign, 'none', 'unknown error assigning number', next.look],
  [104225, assign, 'present', 'already assigned to you', next.look],
  [104230, assign, 'failed', 'reserved for another company', next.other],
  [104235, assign, 'failed', 'assigned to another company', next.other],
  [104250, assign, 'failed', 'you do not purchase 800 (toll-free) origination', next.plan],
  [104251, assign, 'failed', 'you do not purchase standard origination', next.plan],
  [104258, assign, 'failed', 'bad endpoint group: this remote may not service it', next.epg],
  [104259, assign, 'failed', 'tier not available to your account', next.tier],
  [104420, assign, 'failed', 'could not find number', next.exists],
  [105221, config, 'failed', 'not currently assigned to you', next.notYours],
  [105225, config, 'failed', 'reserved for you, not assigned', 'Assign it with assignDID first.'],
  [105230, config, 'failed', 'reserved for another company', next.notYours],
  [105235, config, 'failed', 'assigned to another company', next.notYours],
  [105250, config, 'failed', 'you do not purchase 800 (toll-free) origination', next.plan],
  [105251, config, 'failed', 'you do not purchase standard origination', next.plan],
  [105258, config, 'failed', 'bad endpoint group', next.epg],
  [105420, config, 'failed', 'could not find number', next.exists],
  [106220, release, 'present', 'still reserved for you', next.look],
  [106225, release, 'present', 'still assigned to you: the release did not work', next.look],
  [106230, release, 'failed', 'reserved for another company', next.notYours],
  [106231, release, 'done', 'currently available: the release worked', next.nothing],
  [106235, release, 'failed', 'assigned to another company', next.notYours],
  [106241, release, 'done', 'previously released, not currently available: the release worked', next.nothing],
  [106420, release, 'failed', 'could not find number', next.exists],
]

/** Every code that the carrier documents, ascending within envelope and numbers. */
export const outcomes: readonly CodeMeaning[] = [
  named('both', success),
  ...envelope.map((row) => named('envelope', row)),
  ...numbers.map((row) => named('number', row)),
]

const byCode = new Map(outcomes.map((row) => [row.code, row]))

function named(on: CodeMeaning['on'], [code, operations, outcome, meaning, next]: CodeRow): CodeMeaning {
  return { code, on, operations, meaning, outcome, next }
}
