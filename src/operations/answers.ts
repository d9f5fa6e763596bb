import type { No } from '../journal/journal.ts'
import {
  type Counts,
  countOutcomes,
  type IntentRow,
  type Settled,
  statusOf,
  type Unsettled,
} from '../journal/operation.ts'
import type { AtDoor } from './at-the-door.ts'
import { describeDifferences, differsOf } from './differs.ts'
import type { ReadingDoor } from './door.ts'
import { confirmedInWords, type Envelope, type RowOutcome, rowsShown, showRows } from './envelope.ts'
import type { WithoutYes } from './form.ts'
import type { Plan } from './plan.ts'
import { numbersOf } from './readings.ts'
import type { Write } from './write.ts'

/** The envelopes that a call can end with, and their words. */

/** The operation has run: every number has an outcome. */
export function ended({ door, write }: AtDoor, operation: EndedOperation, news: readonly Unsettled[]): Envelope {
  const intents = new Map(operation.rows.map((row) => [row.tn, row]))
  const rows = [...operation.refused, ...operation.settled.map((row) => ({ ...intents.get(row.tn), ...row }))]
  const { counts, results } = showRows(write.tool, rows)
  const { id } = operation
  const unsaved = door.outbox.holds(id)
  return {
    ...base(door),
    status: statusOf(counts),
    operationId: id,
    confirmedBy: confirmedInWords(operation.confirmedBy),
    summary: sentences([
      otherwise(write, rows),
      tally(write, counts),
      counts.uncertain > 0 ? uncertainty(id, rows) : inferredInWords(rows, door.clock.now()),
      unsaved
        ? 'The journal could not be written: this answer is the only record, and no further write begins until it can.'
        : undefined,
      rows.length > rowsShown
        ? `${rowsShown} of ${rows.length} numbers are listed, uncertain and failed first; did://operations/${id} has all.`
        : undefined,
      ...said(news),
    ]),
    counts,
    results,
  }
}

/** An operation whose numbers all have an outcome. */
interface EndedOperation {
  id: string
  /** The yes that it goes on, as the journal has it. */
  confirmedBy: string
  rows: readonly IntentRow[]
  settled: readonly Settled[]
  refused: readonly RowOutcome[]
}

/** No number is left to send; there is no operation. */
export function nothingToSend(
  { door, write }: AtDoor,
  refused: readonly RowOutcome[],
  news: readonly Unsettled[],
): Envelope {
  const [first] = refused
  const why = refused.length === 1 && first ? `${first.tn}: ${first.meaning}.` : 'Each number says why.'
  return {
    ...base(door),
    status: 'failed',
    summary: sentences([`Nothing was sent. ${why}`, ...said(news)]),
    ...showRows(write.tool, refused),
  }
}

/** Nobody said yes: a ticket or an approval is needed first, or somebody said no. */
export function withoutYes(
  { door, write }: AtDoor,
  { rows, refused }: Pick<Plan, 'rows' | 'refused'>,
  ending: WithoutYes,
  news: readonly Unsettled[],
): Envelope {
  const unsent = rows.map(({ tn, before }): RowOutcome => ({ tn, outcome: 'not_attempted', before }))
  return {
    ...base(door),
    ...ending,
    summary: sentences([ending.summary, ...said(news)]),
    ...(ending.confirmation ? beforeYes(write, rows, refused) : showRows(write.tool, [...refused, ...unsent])),
  }
}

/** Somebody said no to some of these numbers a short while ago: nobody is asked again. */
export async function declinedBefore({ door, write, asked }: AtDoor, noes: readonly No[]): Promise<Envelope> {
  const refused = new Map(noes.map((no) => [no.tn, no]))
  const ids = [...new Set(noes.map(({ id }) => id))].slice(0, 3)
  const program = await door.atTerminal()
  const rows = asked.map(({ tn }): RowOutcome => {
    const no = refused.get(tn)
    return {
      tn,
      outcome: 'not_attempted',
      meaning: no ? `a person said no to it (${no.id})` : 'not asked, because of the others',
    }
  })
  return {
    ...base(door),
    status: 'declined',
    summary: `${whyDeclined(noes)} Nobody was asked again and nothing was sent. A person can take it back: ${program} approvals lift ${ids.join(' or ')}.`,
    ...showRows(write.tool, rows),
  }
}

/** What a dry run has to tell. */
interface Previewed {
  wouldAsk: NonNullable<NonNullable<Envelope['confirmation']>['wouldAsk']>
  /** The preview, beginning with its title. */
  lines: readonly string[]
  /** The approval that the call itself would spend. */
  approvalId?: string
  /** Why it would take an approval. */
  why?: string
}

/** The call was not made: what would come of it. `inTheWay` is what would refuse it whole. */
export function previewed(
  { door, write }: Pick<AtDoor, 'write'> & { door: Pick<ReadingDoor, 'account'> },
  { planned: { rows, refused }, inTheWay }: { planned: Pick<Plan, 'rows' | 'refused'>; inTheWay: readonly string[] },
  { wouldAsk, lines, approvalId, why }: Previewed,
): Envelope {
  const [title = '', ...others] = lines
  const fate =
    inTheWay.length > 0
      ? 'The call itself would be refused, see the preview.'
      : rows.length === 0
        ? 'The call itself would send nothing: each number says why.'
        : approvalId !== undefined
          ? `The call itself would go ahead on approval ${approvalId}, which a person has given.`
          : [whatFollows[wouldAsk], why].filter(Boolean).join(' ')
  return {
    ...base(door),
    status: 'preview',
    summary: `Preview only: nothing was sent, nobody was asked, nothing was recorded. ${fate}`,
    ...beforeYes(write, rows, refused),
    confirmation: { wouldAsk, preview: [title, ...inTheWay.map((reason) => `Would be refused: ${reason}`), ...others] },
  }
}

const whatFollows: { readonly [asked in Previewed['wouldAsk']]: string } = {
  nothing: 'The call itself (without dryRun) would go ahead at once: the policy wants no yes for it.',
  form: 'The call itself (without dryRun) would ask the person in front of this client.',
  ticket:
    'The call itself (without dryRun) would give this preview with a ticket, which is spent with the person’s yes.',
  approval: 'The call itself (without dryRun) would wait for a person’s approval outside of this client.',
}

/** Counts and rows of numbers for which a yes is wanted first: all are counted, and those that are refused already are listed. The preview has the others. */
function beforeYes(write: Write, rows: readonly IntentRow[], refused: readonly RowOutcome[]) {
  const waiting = rows.map(({ tn }): RowOutcome => ({ tn, outcome: 'not_attempted' }))
  const { results } = showRows(write.tool, refused)
  return { counts: countOutcomes([...refused, ...waiting]), results }
}

/** Who said no to which numbers, and until when it stands. */
export function whyDeclined(noes: readonly No[]): string {
  const until = new Date(Math.max(...noes.map((no) => no.until))).toISOString()
  const tns = [...new Set(noes.map(({ tn }) => tn))]
  return `A person said no to ${list(tns)} a short while ago; the no stands until ${until}.`
}

const base = ({ account }: Pick<ReadingDoor, 'account'>) => ({ environment: account.environment })

function tally({ doneAs }: Write, counts: Counts): string {
  const parts = [
    counts.done > 0 ? `${counts.done} ${doneAs}` : undefined,
    counts.failed > 0 ? `${counts.failed} failed` : undefined,
    counts.uncertain > 0 ? `${counts.uncertain} uncertain` : undefined,
    counts.notAttempted > 0 ? `${counts.notAttempted} not attempted` : undefined,
  ]
  return `${parts.filter((part) => part !== undefined).join('; ')}.`
}

/** Numbers that a summary names one by one. */
const numbersNamed = 5

/** Said before all else: where calls go, or what is paid, is not what was agreed to. */
function otherwise(write: Write, rows: readonly RowOutcome[]): string | undefined {
  const differ = rows.filter((row) => differsOf(write, row).length > 0)
  if (differ.length === 0) return undefined
  const named = differ.slice(0, numbersNamed).map((row) => `${row.tn}: ${describeDifferences(write, row)}`)
  const left = differ.length - named.length
  return `The carrier did otherwise. ${[...named, ...(left > 0 ? [`and ${left} more`] : [])].join('; ')}.`
}

function uncertainty(id: string, rows: readonly RowOutcome[]): string {
  const fences = rows.flatMap(({ outcome, fencedUntil }) =>
    outcome === 'uncertain' && fencedUntil ? [fencedUntil] : [],
  )
  const watched = fences.length > 0 ? ` They are watched until ${new Date(Math.max(...fences)).toISOString()}.` : ''
  return `The carrier's answer was lost, or says too little, for the uncertain numbers: it may or may not have acted, so do not repeat the call for them.${watched} listOperations tells how ${id} ends.`
}

/** Seen to have ended though nothing was answered that says so: the numbers stay held for as long as the request could act again. */
function inferredInWords(rows: readonly RowOutcome[], now: number): string | undefined {
  const inferred = rows.filter((row) => row.inferred === true && row.fencedUntil !== undefined)
  if (inferred.length === 0) return undefined
  const until = Math.max(...inferred.map((row) => row.fencedUntil ?? 0))
  const held = until > now ? ` They take no other write until ${new Date(until).toISOString()}.` : ''
  return `The carrier's answer was lost, or says too little, for ${list(numbersOf(inferred))}: a query has shown since how it ended (inferred), and no other is needed.${held}`
}

/** What ended since anybody was told: the next answer that touches the numbers says it. */
function said(news: readonly Unsettled[]): string[] {
  return news.map(
    ({ operationId, tool, row }) =>
      `Since then: ${row.tn} in ${operationId} (${tool}) ended ${row.outcome}${row.meaning ? `, ${row.meaning}` : ''}.`,
  )
}

const sentences = (parts: readonly (string | undefined)[]): string => parts.filter(Boolean).join(' ')
const list = (tns: readonly string[]): string =>
  tns.length > 10 ? `${tns.slice(0, 10).join(', ')} and ${tns.length - 10} more` : tns.join(', ')
