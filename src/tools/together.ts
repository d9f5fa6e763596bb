import { askEach } from '../carrier/ask-each.ts'
import { CarrierError } from '../carrier/errors.ts'
import type { ReadContext } from './tool.ts'

/** How a list of numbers is asked about. */
export interface EachNumber<Row> {
  ask(tn: string, signal: AbortSignal): Promise<Row>
  /** The row of a number that the carrier refused or answered unreadably: it says so of this number, and hides no other. */
  odd(tn: string, error: CarrierError): Row
}

/**
 * Asks about each number, as many at once as the carrier lets through, and answers in the order asked. What goes wrong
 * with one number is its own row; what goes wrong with the carrier ends the others and is thrown, because a list with
 * holes would read as an answer. So is an unreadable answer where no number has any other.
 */
export async function together<Row>(
  tns: readonly string[],
  { signal, progress }: Pick<ReadContext, 'signal' | 'progress'>,
  { ask, odd }: EachNumber<Row>,
): Promise<Row[]> {
  const unread: CarrierError[] = []
  let done = 0
  const rows = await askEach(tns, signal, async (tn, either) => {
    const row = await ask(tn, either).catch((error: unknown) => {
      if (!isOfOneNumber(error)) throw error
      if (error.kind === 'protocol') unread.push(error)
      return odd(tn, error)
    })
    done++
    if (tns.length > 1) progress(done, tns.length, `${done} of ${tns.length} numbers asked`)
    return row
  })
  const [first] = unread
  if (first && unread.length === tns.length) throw first
  return rows
}

/** A refusal without a word and with nothing but an HTTP status is the server's, of every number alike. */
const isOfOneNumber = (error: unknown): error is CarrierError =>
  error instanceof CarrierError &&
  (error.kind === 'protocol' || (error.kind === 'rejected' && (error.words !== undefined || !isHttpStatus(error.code))))

const isHttpStatus = (code: number | undefined): boolean => code !== undefined && code >= 400 && code < 600
