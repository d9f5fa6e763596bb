import { quote } from '../domain/untrusted.ts'
import { Refusal } from '../operations/refusal.ts'
import type { Completer, Known } from './completers.ts'
import type { FaceOptions } from './context.ts'
import { glimpse } from './glimpse.ts'
import { deniedNow, policyFor } from './in-force.ts'
import { offeredPrompts } from './prompt-requests.ts'
import { shownUri } from './request-errors.ts'
import { offeredResources } from './resource-requests.ts'

/** What could be meant in a variable of a resource template or an argument of a prompt; nothing where nobody knows. */
export async function complete(
  ref: Reference,
  { name, value }: { name: string; value: string },
  others: Readonly<Record<string, unknown>>,
  options: FaceOptions,
) {
  const completers = completersOf(ref, options)
  const completer = Object.hasOwn(completers, name) ? completers[name] : undefined
  if (completer === undefined || value.length > longestValue) return { completion: { values: [] } }
  const values = await completer(value, whatIsKnown(options, textsIn(others)))
  const hasMore = values.length > mostValues
  return { completion: { values: values.slice(0, mostValues), ...(hasMore && { hasMore }) } }
}

/** The thing whose argument or variable is completed: a prompt by its name, or a resource template by its URI. */
export interface Reference {
  type: 'ref/prompt' | 'ref/resource'
  named: string
}

const textsIn = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))

/** The protocol's bound on the values of one completion. */
const mostValues = 100

/** Far above any list of numbers that a prompt takes. */
const longestValue = 2_000

function completersOf({ type, named }: Reference, options: FaceOptions): Readonly<Record<string, Completer>> {
  if (type === 'ref/prompt') {
    const prompt = offeredPrompts(options).find(({ name }) => name === named)
    if (prompt === undefined) throw unknown('prompt', quote(named, 80), 'prompts/list')
    return prompt.completes
  }
  const resource = offeredResources(options).find(({ uri }) => uri === named)
  if (resource === undefined) throw unknown('resource template', `"${shownUri(named)}"`, 'resources/templates/list')
  return resource.variables ?? {}
}

function unknown(what: string, shown: string, list: string): Refusal {
  return new Refusal('INVALID_INPUT', `There is no ${what} ${shown}.`, {
    next: `Those there are: ${list}.`,
  })
}

function whatIsKnown(options: FaceOptions, given: Known['given']): Known {
  const { sources, policy } = options
  const mayAudit = deniedNow('auditDIDs', options) === undefined
  const mayList = deniedNow('listOperations', options) === undefined
  return {
    given,
    endpointGroups: policyFor('read', policy).endpointGroups,
    numbers: async () => (mayAudit ? glimpse(sources) : []),
    size: async () => (mayAudit ? (await sources.listings.heldAudit())?.rows.length : undefined),
    async operations() {
      if (!mayList) return []
      const { account, journal } = sources
      const page = await (await journal()).readOperations({ account, limit: operationsOffered })
      return page.operations.map(({ id }) => id)
    },
  }
}

/** Each is read with all its numbers. */
const operationsOffered = 20
