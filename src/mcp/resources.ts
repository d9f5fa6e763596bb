import { outcomes } from '../carrier/outcomes.ts'
import type { Used } from '../domain/budget.ts'
import { InvalidTelephoneNumber, parseTelephoneNumber } from '../domain/telephone-number.ts'
import { inert } from '../domain/untrusted.ts'
import { JournalUnavailable } from '../journal/journal.ts'
import { csvOf, csvOfUnreadable, pagesOf, pageUri, rowsPerPage } from '../listings/csv.ts'
import { inWords } from '../policy/in-words.ts'
import { leftInWords, leftOf } from '../policy/left.ts'
import type { Policy } from '../policy/policy.ts'
import { ruleFor } from '../policy/ruling.ts'
import { auditDIDs } from '../tools/audit-dids.ts'
import { describeOperation } from '../tools/list-operations.ts'
import { queryDID } from '../tools/query-did.ts'
import type { ReadContext, Tool } from '../tools/tool.ts'
import { type Completer, operationIds, ownNumbers, pageNumbers } from './completers.ts'
import { inForceOf } from './in-force.ts'
import { noSuchResource } from './request-errors.ts'

/** A resource is a value, like a tool: its words, and how it is read. */
export type Resource = JsonResource | CsvResource

interface JsonResource extends Described {
  mimeType: 'application/json'
  /** Throws RequestError or whatever a tool throws. */
  read(variables: TemplateVariables, context: ResourceContext): Promise<object>
}

interface CsvResource extends Described {
  mimeType: 'text/csv'
  /** Throws RequestError or whatever a tool throws. */
  read(variables: TemplateVariables, context: ResourceContext): Promise<CsvPage>
}

/** A page as it is, and which of how many it is, for a program. */
interface CsvPage {
  text: string
  /** `rows` on this page, `total` on all. */
  page: { page: number; pages: number; rows: number; total: number }
}

type TemplateVariables = Readonly<Record<string, string>>

interface Described {
  /** The URI; with `{variables}` it stands for many. */
  uri: string
  name: string
  title: string
  description: string
  /** The reading tool that shows the same: where the policy denies that one, it denies this. */
  shows?: string
  /** Nothing of it is anybody's but ours: it is shown as it is. */
  ours?: true
  variables?: Readonly<Record<string, Completer>>
  /** One of the many that is always there, and is listed for clients that do not know templates. */
  first?: string
}

interface ResourceContext extends ReadContext {
  /** The URI as the client wrote it. */
  uri: string
  tools: readonly Tool[]
  policy: () => Policy
}

export const resources: readonly Resource[] = [
  {
    uri: 'did://account',
    name: 'account',
    title: 'The account in numbers',
    description:
      'How many numbers the account owns, by state, rate center, tier and endpoint group, and the pages of all of them.',
    mimeType: 'application/json',
    shows: 'auditDIDs',
    async read(_, context) {
      const { dids: _none, matched: _all, csv: _first, ...audit } = await auditDIDs.read({ limit: 0 }, context)
      const csv = { uri: pageUri('{page}'), pages: pagesOf(audit.total), rowsPerPage }
      return { account: context.account.label, ...audit, csv }
    },
  },
  {
    uri: pageUri('{page}'),
    name: 'account-dids',
    title: 'The account’s numbers as CSV',
    description: `Every number of the account with all its fields, sorted by number, ${rowsPerPage} rows a page.`,
    mimeType: 'text/csv',
    shows: 'auditDIDs',
    variables: { page: pageNumbers },
    first: pageUri(1),
    async read({ page = '' }, { uri, listings, signal, progress }) {
      if (!/^[1-9][0-9]{0,5}$/.test(page)) throw noSuchResource(uri, 'Pages are numbers.', 'The first is 1.csv.')
      const { rows, unreadable } = await listings.audit({
        signal,
        progress: (read) => progress(read, undefined, `${read} numbers read`),
      })
      const [number, pages] = [Number(page), pagesOf(rows.length)]
      if (number > pages) throw noSuchResource(uri, '', `The account’s last page is ${pages}.csv.`)
      const shown = rows.slice((number - 1) * rowsPerPage, number * rowsPerPage)
      const text = csvOf(shown, inCell) + (unreadable && number === pages ? csvOfUnreadable(unreadable) : '')
      return { text, page: { page: number, pages, rows: shown.length, total: rows.length } }
    },
  },
  {
    uri: 'did://dids/{tn}',
    name: 'did',
    title: 'One number',
    description: 'What a number is now, asked of the carrier at every reading, as queryDID answers it.',
    mimeType: 'application/json',
    shows: 'queryDID',
    variables: { tn: ownNumbers },
    async read({ tn = '' }, context) {
      const { results } = await queryDID.read({ did: [numberIn(context.uri, tn)] }, context)
      return { ...results[0] }
    },
  },
  {
    uri: 'did://operations/{id}',
    name: 'operation',
    title: 'One operation',
    description:
      'What was done to numbers in one write, whole: by whom, on whose yes, and the outcome of every number.',
    mimeType: 'application/json',
    shows: 'listOperations',
    variables: { id: operationIds },
    async read({ id = '' }, { uri, account, journal, settleDue, signal }) {
      await settleDue(signal)
      const operation = await (await journal()).readOperation(id)
      // Of another account in the same journal it is not even said that it is there.
      if (operation?.account.id !== account.id) throw noSuchResource(uri, '', 'listOperations lists those there are.')
      return describeOperation(operation, operation.rows.length)
    },
  },
  {
    uri: 'did://policy',
    name: 'policy',
    title: 'The policy in force',
    description:
      'What may be done, what needs a yes and whose, what is left of each limit, and the numbers that are never touched.',
    mimeType: 'application/json',
    ours: true,
    async read(_, { tools, policy, used }) {
      const { inForce, problem } = inForceOf(policy)
      const left = await leftNow(inForce, used)
      const rules = Object.fromEntries(tools.map((tool) => [tool.name, ruleFor(inForce, tool)]))
      return {
        inWords: [
          ...(problem ? [problem, 'What follows still stands for reading.'] : []),
          ...inWords(inForce, tools),
          left.inWords,
        ],
        rules,
        ...(left.limits && { left: left.limits }),
        policy: inForce,
      }
    },
  },
  {
    uri: 'did://codes',
    name: 'codes',
    title: 'The carrier’s codes',
    description: 'Every code that the carrier documents: who answers it, what it means for a number, what to do next.',
    mimeType: 'application/json',
    ours: true,
    async read() {
      return { note: 'A code that is not here is never read as success.', codes: outcomes }
    },
  },
]

/** A model reads the pages: nothing in a cell is markup, a link or without end. */
const inCell = (text: string): string => inert(text, longestCell)

/** Characters. */
const longestCell = 500

function numberIn(uri: string, tn: string): string {
  try {
    return parseTelephoneNumber(tn)
  } catch (error) {
    if (!(error instanceof InvalidTelephoneNumber)) throw error
    throw noSuchResource(uri, `${error.message}.`, 'Numbers of the account are in did://account/dids/1.csv.')
  }
}

/** The policy is read also where the journal is away: then it says that it cannot say. */
async function leftNow(policy: Policy, used: () => Promise<Used>) {
  try {
    const limits = leftOf(policy, await used())
    return { limits, inWords: leftInWords(limits) }
  } catch (error) {
    if (!(error instanceof JournalUnavailable)) throw error
    return { inWords: `what is left of each limit is not known: ${error.message}` }
  }
}
