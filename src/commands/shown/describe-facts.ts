import { quoteExactly, quoteUnverified } from '../../carrier/quoted.ts'
import type { Facts, Settings } from '../../domain/facts.ts'
import { harmless } from '../../domain/untrusted.ts'

/** What a number is or was, in a few words; nothing of what is not known. */
export function describeFacts({ status, epg, tier, has911, cnam, refId, rewrite, failover, forward }: Facts): string {
  return join([
    status,
    epg === undefined ? undefined : `epg ${epg}`,
    tier === undefined ? undefined : `tier ${harmless(tier, 10)}`,
    has911 === undefined ? undefined : `E911 ${yesNo(has911)}`,
    cnam === undefined ? undefined : `cnam ${yesNo(cnam)}`,
    refId ? `reference ${quoteUnverified(refId)}` : undefined,
    rewrite ? `rewrite ${quoteUnverified(rewrite)}` : undefined,
    failover ? `failover ${quoteUnverified(failover)}` : undefined,
    forward ? `forward ${quoteUnverified(forward)}` : undefined,
  ])
}

/** What a number is to become; nothing of what was not asked. */
export function describeAsked({ epg, cnam, refId }: Settings): string {
  return join([
    epg === undefined ? undefined : `epg ${epg}`,
    cnam === undefined ? undefined : `cnam ${yesNo(cnam)}`,
    refId === undefined ? undefined : `reference ${refId === '' ? 'none' : quoteExactly(refId)}`,
  ])
}

export const yesNo = (value: boolean | undefined): string => (value === undefined ? '' : value ? 'yes' : 'no')

const join = (parts: readonly (string | undefined)[]): string => parts.filter((part) => part !== undefined).join(', ')
