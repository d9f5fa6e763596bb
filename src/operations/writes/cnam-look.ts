import type { Facts } from '../../domain/facts.ts'
import type { Look } from '../write.ts'
import { didFacts } from './did-look.ts'
import type { OneTextKind } from './one-text.ts'

/** A number with the name that is stored for it, which GetCNAMDisplay alone tells: two questions a number, and no audit. */
export const cnamLook: Look<OneTextKind> = {
  ...didFacts,
  async read(carrier, tn, at, call) {
    const reading = await didFacts.read(carrier, tn, at, call)
    if (reading.facts.status !== 'yours') return reading
    const { name } = await carrier.GetCNAMDisplay(tn, call)
    const { cnamName: _, ...facts } = reading.facts
    return { ...reading, facts: { ...facts, ...(name !== undefined && { cnamName: name }) } satisfies Facts }
  },
  // The name is what the write is about: it is shown, and a change of it is no change beside.
  changedBeside: (a, b) => (a.cnamName === b.cnamName ? didFacts.changedBeside(a, b) : ''),
  shown: ({ cnamName, ...facts }) => ({ ...didFacts.shown(facts), ...(cnamName !== undefined && { cnamName }) }),
}
