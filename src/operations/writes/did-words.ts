import { quoteExactly, quoteUnverified } from '../../carrier/quoted.ts'
import type { Facts } from '../../domain/facts.ts'
import { harmless } from '../../domain/untrusted.ts'
import type { Part, Row } from '../write.ts'
import type { DidKind } from './did-look.ts'
import { tally } from './tally.ts'

/** The words in which a person is told of a number of the DID methods, before saying yes. */

export const numbers = ({ length }: readonly unknown[]): string => `${length} number${length === 1 ? '' : 's'}`

export const onOff = (value: boolean | undefined): string => (value ? 'on' : 'off')

export const tierOf = ({ tier }: Facts): string => `tier ${tier === undefined ? 'unknown' : harmless(tier, 10)}`

export const emergency = ({ has911 }: Facts): Part => (has911 ? 'E911 address on file' : undefined)

/** Text of the carrier under its name; nothing where it said none. */
export const told = (name: string, text: string | undefined): Part =>
  text ? `${name} ${quoteUnverified(text)}` : undefined

/** The ways in which calls go beside the endpoint group: what a change has no field for, and what ends with a release. */
export function routing(before: Facts): ('rewrite' | 'failover' | 'forward')[] {
  return (['rewrite', 'failover', 'forward'] as const).filter((name) => before[name])
}

/** The place where the number lies. What is no ordinary name is quoted: it would read as something else. */
export function placeOf({ rateCenter, state }: Facts): Part {
  const places = [rateCenter, state].filter((place) => place !== undefined)
  const named = places.map((place) => (ordinary.test(place) ? place : quoteUnverified(place)))
  return named.length === 0 ? undefined : `in ${named.join(' ')}`
}

const ordinary = /^\p{L}[\p{L}\p{N} .'-]{0,24}$/u

/** What is sent of endpoint group, dip and reference, exactly; what is not told is not sent. */
export function settings({ asked: { epg, cnam, refId } }: Row<DidKind>): Part[] {
  return [
    epg === undefined ? undefined : `to endpoint group ${epg}`,
    cnam === undefined ? undefined : `CNAM dip ${onOff(cnam)}`,
    refId === undefined ? undefined : `reference ${referenceAsked(refId)}`,
  ]
}

/** What all numbers together are to get of these. */
export function settingsInAll(rows: readonly Row<DidKind>[]): string[] {
  return [
    ...tally(rows, 'to endpoint group', ({ asked }) => asked.epg),
    ...tally(rows, 'with CNAM dip', ({ asked: { cnam } }) => (cnam === undefined ? undefined : onOff(cnam))),
    ...tally(rows, 'with', ({ asked }) => (asked.refId ? 'a reference' : undefined)),
  ]
}

/** What all numbers together are. */
export function factsInAll(rows: readonly Row<DidKind>[]): string[] {
  return [
    ...tally(rows, 'of', ({ before }) => tierOf(before)),
    `${rows.filter(({ before }) => before.has911).length} with an E911 address on file`,
    ...tally(rows, 'with', ({ before }) =>
      routing(before).length > 0 ? 'a rewrite, failover or forward of its own' : undefined,
    ),
  ]
}

/** A reference as the call states it, whole. */
export const referenceAsked = (refId: string): string =>
  refId === '' ? 'none (as asked)' : quoteExactly(refId, ' (as asked)')

/** An E911 address before a routing of its own, and that before a text that a customer sees. */
export function urgency({ before, asked }: Row<DidKind>): number {
  return (
    (before.has911 ? 4 : 0) +
    (routing(before).length > 0 ? 2 : 0) +
    (before.refId || before.cnamName || before.didGroupId || asked.refId ? 1 : 0)
  )
}

/** What a table of numbers has no column for. */
export function besideOf(before: Facts): string {
  const parts = [
    placeOf(before),
    ...routing(before).map((name) => told(name, before[name])),
    told('DID group', before.didGroupId),
    told('caller name', before.cnamName),
  ]
  return parts.filter((part) => part !== undefined).join(', ')
}

/** Why a number that is not this account's cannot be given back or changed. */
export const notOurs: { readonly [status in Facts['status']]?: string } = {
  available: 'it is not yours: it is in the carrier’s inventory',
  taken: 'it is not yours: another company has it',
  unknown: 'the carrier does not know it, or does not say what it is',
}
