import type { Did } from '../carrier/carrier.ts'
import { pagesOf } from '../listings/csv.ts'
import { states } from './states.ts'

/**
 * What could be meant by what was typed so far, best first. Asked at each keystroke, so it reads only what is at hand;
 * it never downloads an account to answer.
 */
export type Completer = (typed: string, known: Known) => readonly string[] | Promise<readonly string[]>

/** What completion knows, each part read on first need and empty where the policy denies the tool that shows it. */
export interface Known {
  /** Numbers of the account, sorted by number; of a large one that is not held only some. */
  numbers(): Promise<readonly Did[]>
  /** How many numbers the account has, where that is at hand. */
  size(): Promise<number | undefined>
  /** Ids of the latest operations, newest first. */
  operations(): Promise<readonly string[]>
  /** The endpoint groups to which the policy lets numbers be routed; null: any. */
  endpointGroups: readonly number[] | null
  /** The other arguments, as far as they are filled in. */
  given: Readonly<Record<string, string>>
}

/** The account's numbers; of a list, its last one. */
export const ownNumbers: Completer = async (typed, { numbers }) => {
  const [before, last] = lastOfList(typed)
  const digits = last.replace(/^\+?1(?=[^0-9]|[2-9])/, '').replace(/[^0-9]/g, '')
  const tns = (await numbers()).map(({ tn }) => tn)
  return tns.filter((tn) => tn.startsWith(digits) && !before.includes(tn)).map((tn) => before + tn)
}

/** Area codes of the account's numbers, those with most numbers first; in the state that is given, where one is. */
export const areaCodes: Completer = async (typed, { numbers, given }) => {
  const state = given.state?.toUpperCase()
  const rows = (await numbers()).filter((did) => !state || did.state?.toUpperCase() === state)
  return commonest(rows.map(({ tn }) => tn.slice(0, 3))).filter((npa) => npa.startsWith(typed))
}

/** Abbreviations of states, found by themselves or by the name. */
export const stateCodes: Completer = (typed) => {
  const wanted = typed.toLowerCase()
  return Object.entries(states).flatMap(([code, name]) =>
    code.toLowerCase().startsWith(wanted) || name.toLowerCase().startsWith(wanted) ? [code] : [],
  )
}

/** Endpoint groups that the policy allows, or those in use, the most used first. */
export const endpointGroups: Completer = async (typed, { endpointGroups, numbers }) => {
  const groups = endpointGroups ?? commonest((await numbers()).flatMap(({ endpointId }) => endpointId ?? []))
  return groups.map(String).filter((group) => group.startsWith(typed))
}

export const operationIds: Completer = async (typed, { operations }) =>
  (await operations()).filter((id) => id.startsWith(typed))

export const pageNumbers: Completer = async (typed, { size }) => {
  const pages = pagesOf((await size()) ?? 0)
  return Array.from({ length: pages }, (_, index) => String(index + 1)).filter((page) => page.startsWith(typed))
}

/** A list as it is typed: all up to its last separator with the space behind it, and what follows. */
function lastOfList(typed: string): [before: string, last: string] {
  const end = /[,;]\s*(?=[^,;]*$)/.exec(typed)
  const split = end === null ? 0 : end.index + end[0].length
  return [typed.slice(0, split), typed.slice(split)]
}

function commonest<Value>(values: readonly Value[]): Value[] {
  const tally = new Map<Value, number>()
  for (const value of values) tally.set(value, (tally.get(value) ?? 0) + 1)
  return [...tally].sort(([, many], [, more]) => more - many).map(([value]) => value)
}
