import type { Did } from '../carrier/carrier.ts'
import { legible } from '../domain/untrusted.ts'

/** What rows of the account are looked for; all of it must hold. What the carrier did not say matches nothing. */
export interface DidFilter {
  /** Up to ten of them, anywhere in the number. */
  digits?: string | undefined
  npa?: string | undefined
  /** Any case. `TF` and `ALL` both are toll-free. */
  state?: string | undefined
  /** The whole name, any case. */
  rateCenter?: string | undefined
  tier?: string | undefined
  endpointId?: number | undefined
  /** The whole reference, as it is or as it is shown; empty: numbers without one. */
  refId?: string | undefined
  has911?: boolean | undefined
  cnam?: boolean | undefined
}

/** The numbers that pass, in their order; the very same list where nothing is looked for, so that its summary is known. */
export function filterDids(dids: readonly Did[], filter: DidFilter): readonly Did[] {
  const tests = Object.entries(filter).flatMap(([key, wanted]) => {
    const test = filters[key as keyof DidFilter]
    return wanted === undefined ? [] : [(did: Did) => test(did, wanted)]
  })
  return tests.length === 0 ? dids : dids.filter((did) => tests.every((test) => test(did)))
}

/** What numbers themselves are looked for; the carrier knows no such criterion. */
export interface NumberFilter {
  /** Up to ten of them, anywhere in the number. */
  digits?: string | undefined
  /** Numbers that stand in a run of at least so many neighbours, 2 or more. */
  consecutive?: number | undefined
}

/** The rows that pass, runs whole; the very same list where nothing is looked for. `rows` are sorted, each number once. */
export function filterNumbers<Row extends { tn: string }>(
  rows: readonly Row[],
  { digits, consecutive }: NumberFilter,
): readonly Row[] {
  const having = digits === undefined ? rows : rows.filter(({ tn }) => tn.includes(digits))
  return consecutive === undefined ? having : runsOf(having, consecutive)
}

function runsOf<Row extends { tn: string }>(rows: readonly Row[], least: number): Row[] {
  const kept: Row[] = []
  for (let from = 0; from < rows.length; ) {
    let end = from + 1
    while (end < rows.length && Number(rows[end]?.tn) === Number(rows[end - 1]?.tn) + 1) end++
    if (end - from >= least) for (let index = from; index < end; index++) kept.push(rows[index] as Row)
    from = end
  }
  return kept
}

type Test = (did: Did, wanted: string | number | boolean) => boolean

const filters: { readonly [key in keyof Required<DidFilter>]: Test } = {
  digits: (did, digits) => did.tn.includes(String(digits)),
  npa: (did, npa) => did.tn.startsWith(String(npa)),
  state: (did, state) => sameName(did.state, state) || (tollFree.test(String(state)) && tollFree.test(did.state ?? '')),
  rateCenter: (did, rateCenter) => sameName(did.rateCenter, rateCenter),
  tier: (did, tier) => did.tier === tier,
  endpointId: (did, endpointId) => did.endpointId === endpointId,
  refId: ({ refId = '' }, wanted) => refId === wanted || (refId !== '' && legible(refId, refId.length) === wanted),
  has911: (did, has911) => did.has911 === has911,
  cnam: (did, cnam) => did.cnam === cnam,
}

/** A search is asked for it as `TF`, and its numbers are answered as `ALL` (docs/carrier.md, section 4, point 10). */
const tollFree = /^(?:TF|ALL)$/i

const sameName = (said: string | undefined, wanted: string | number | boolean): boolean =>
  said?.toLowerCase() === String(wanted).toLowerCase()
