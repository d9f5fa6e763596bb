import PQueue from 'p-queue'
import type { WriteCall } from '../carrier.ts'
import { CarrierError } from '../errors.ts'
import { accessRefused, explain } from '../outcomes.ts'
import { harmless, visible } from '../untrusted.ts'
import { type Deadline, startDeadline } from './deadline.ts'
import { type Answer, decoder, NotAnAnswer, type Row } from './decode.ts'
import { type Arguments, encoder, guard } from './encode.ts'
import type { SoapCarrierOptions } from './options.ts'
import { isPassing, withRetries } from './retry.ts'
import { createTransport } from './transport.ts'
import { namespace, type OperationName } from './wsdl.ts'

export interface Ask {
  /**
   * One operation, asked and answered: queued, sent, retried where it is a read, decoded. Resolves with an envelope
   * that has a code, for a read 100 or 101; a fault rejects.
   *
   * @param build makes the arguments, and refuses those that cannot be sent
   * @param row takes each row as it arrives, instead of `rows` of the answer, and says whether it is one; what goes to
   *   the caller goes through `hand`, whose errors are the caller's own
   */
  (
    operation: OperationName,
    build: () => Arguments,
    call: WriteCall,
    row?: (row: Row, hand: (give: () => void) => void) => boolean,
  ): Promise<Asked>
  close(): void
}

/** An answer with a code, and its rows where nobody took them as they arrived; `odd` is what could be read of odd ones. */
type Asked = Answer & { code: number; rows: Row[]; odd: Row[] }

/** Whoever asks this account. Nothing is loaded or connected before the first call; `close` refuses calls to come. */
export function asker({ account, secret, timeoutMs, concurrency, ...options }: SoapCarrierOptions): Ask {
  const now = options.now ?? Date.now
  const encode = encoder(account.endpoint, account.login, secret)
  const transport = createTransport(account.endpoint, { ca: options.ca })
  const queue = new PQueue({ concurrency })
  const maxBytes = options.maxBytes ?? { call: 64 * 2 ** 20, listing: 512 * 2 ** 20 }
  let closed = false

  const ask = async (...[operation, build, call, row]: Parameters<Ask>): Promise<Asked> => {
    if (closed) throw new CarrierError('cancelled', 'The carrier is closed. Nothing was sent.', { maybeSent: false })
    guard('login', account.login)
    guard('secret', secret)
    const rest = build()
    const { write, size } = kinds[operation]
    const deadline = startDeadline(timeoutMs[size], call.signal)
    const asked = performance.now()
    let maybeSent = false
    let handed = 0
    let own: { error: unknown } | undefined
    const hand = (give: () => void) => {
      handed++
      try {
        give()
      } catch (error) {
        own = { error }
        throw error
      }
    }

    const once = async (): Promise<Asked> => {
      if (closed) throw new CarrierError('cancelled', 'The carrier was closed. Nothing was sent.', { maybeSent })
      if (deadline.ended()) throw new Ended()
      if (write && performance.now() - asked > timeoutMs[size] / 2) {
        throw new CarrierError('timeout', 'Too many other calls were in the way. Nothing was sent.', { maybeSent })
      }
      const body = await encode(operation, rest)
      const [rows, odd]: [Row[], Row[]] = [[], []]
      const keep = { row: (read: Row) => rows.push(read) > 0, odd: (read: Row) => odd.push(read) }
      const heard = row ? { row: (read: Row) => row(read, hand) } : keep
      const reading = decoder(operation, { ...heard, shown: (text) => withoutSecret(text, secret) })
      const sending = () => {
        try {
          call.sending?.()
        } catch {
          throw new CarrierError('cancelled', 'The caller stopped the request. Nothing was sent.', { maybeSent })
        }
        maybeSent = true
      }
      const message = { body, soapAction: namespace + operation, deadline, maxBytes: maxBytes[size], write, sending }
      const answer = whole(await transport.post(message, reading), secret)
      if (!write) accept(answer)
      return { ...answer, rows, odd }
    }
    // A retry waits outside the queue, so that it takes nobody's place.
    const queued = () => untilEnded(queue.add(once, { priority: write ? 1 : 0 }), deadline)
    const again = (error: unknown) => !write && handed === 0 && isPassing(error)

    try {
      return await withRetries(queued, { again, delayMs: options.retryDelayMs ?? 250, deadline })
    } catch (error) {
      if (own) throw own.error
      throw fresh(error, deadline.ended(), timeoutMs[size], maybeSent ? now() : undefined)
    } finally {
      deadline.stop()
    }
  }

  return Object.assign(ask, {
    close() {
      closed = true
      transport.close()
    },
  })
}

const kinds: { readonly [operation in OperationName]: { write: boolean; size: 'call' | 'listing' } } = {
  auditDIDs: { write: false, size: 'listing' },
  getDIDs: { write: false, size: 'listing' },
  getDIDCount: { write: false, size: 'listing' },
  queryDID: { write: false, size: 'call' },
  isPortable: { write: false, size: 'call' },
  getPortDetails: { write: false, size: 'call' },
  reserveDID: { write: true, size: 'call' },
  assignDID: { write: true, size: 'call' },
  configDID: { write: true, size: 'call' },
  releaseDID: { write: true, size: 'call' },
}

/** The deadline came first. Said in a person's words by whoever knows why. */
class Ended extends Error {}

/** Whoever stands in the queue, or waits for a byte, does not wait longer than the deadline. */
function untilEnded<T>(answer: Promise<T>, deadline: Deadline): Promise<T> {
  return new Promise((resolve, reject) => {
    deadline.onEnd(() => reject(new Ended()))
    answer.then(resolve, reject)
  })
}

/**
 * An answer with a code. The carrier's words about the whole are made safe to show: they may echo the request. `Success`
 * says nothing.
 */
function whole(answer: Answer, secret: string): Answer & { code: number } {
  if (answer.fault) {
    const words = withoutSecret(answer.fault.reason ?? '', secret)
    const kind = laysItOnTheRequest(answer.fault.code) ? 'rejected' : 'unavailable'
    const message = `The carrier answered with a fault${quoted(words)}.`
    throw new CarrierError(kind, message, { maybeSent: true, words: words || undefined })
  }
  const { code, message, unreadable, ...others } = answer
  if (code === undefined) throw new NotAnAnswer('has no responseCode')
  const words = withoutSecret(message ?? '', secret)
  return {
    ...others,
    code,
    ...(words === '' || /^success\.?$/i.test(words) ? {} : { message: words }),
    ...(unreadable && {
      unreadable: { ...unreadable, rows: unreadable.rows.map((xml) => harmless(xml)) },
    }),
  }
}

/** SOAP 1.1 writes `soap:Client` or `soap:Client.Something`, 1.2 `soap:Sender`. A fault without a code is the carrier's. */
function laysItOnTheRequest(code: string | undefined): boolean {
  const [kind] = (code ?? '').replace(/^[^:]*:/, '').split('.', 1)
  return ['Client', 'Sender', 'VersionMismatch', 'MustUnderstand', 'DataEncodingUnknown'].includes(kind ?? '')
}

/** Whether a read found something. Throws where the envelope says neither success nor "none found". */
function accept({ code, message: words }: { code: number; message?: string }): void {
  if (code === 100 || code === 101) return
  const { meaning, next } = explain(code)
  const [kind, who] = accessRefused(code)
    ? (['auth', 'The carrier refused'] as const)
    : code === 900
      ? (['unavailable', 'The carrier has trouble'] as const)
      : (['rejected', 'The carrier refused'] as const)
  const message = `${who}: ${meaning} (code ${code})${quoted(words)}.${code === 900 ? '' : ` ${next}`}`
  throw new CarrierError(kind, message, { maybeSent: true, code, words })
}

/** The carrier's words within a sentence of ours. */
function quoted(words = ''): string {
  return words === '' ? '' : `: "${harmless(words).replaceAll('"', "'")}"`
}

/** Without what hides, and without the secret, whether it stood there as it is or with something hidden between. */
function withoutSecret(text: string, secret: string): string {
  const redacted = (words: string) => (secret === '' ? words : words.replaceAll(secret, '[secret]'))
  return visible(redacted(visible(redacted(text), Number.POSITIVE_INFINITY)))
}

/** @param givenUpAt undefined where nothing of the request may have left */
function fresh(
  error: unknown,
  ended: 'timeout' | 'cancelled' | undefined,
  ms: number,
  givenUpAt: number | undefined,
): CarrierError {
  const facts = { maybeSent: givenUpAt !== undefined, givenUpAt }
  const tail = facts.maybeSent ? 'The request may have reached the carrier.' : 'Nothing was sent.'
  if (ended === 'timeout')
    return new CarrierError('timeout', `The carrier did not answer within ${ms} ms. ${tail}`, facts)
  if (ended === 'cancelled') return new CarrierError('cancelled', `The call was cancelled. ${tail}`, facts)
  if (error instanceof CarrierError) {
    const { kind, message, code, words, retryAfterMs } = error
    return new CarrierError(kind, message, { ...facts, code, words, retryAfterMs })
  }
  if (error instanceof NotAnAnswer) {
    return new CarrierError('protocol', `The carrier's answer ${error.message}.`, facts)
  }
  // What a library threw: its words may hold the request.
  return new CarrierError('protocol', `The request could not be made, or its answer not read. ${tail}`, facts)
}
