import PQueue from 'p-queue'
import type { WriteCall } from '../carrier.ts'
import { CarrierError } from '../errors.ts'
import { visible } from '../untrusted.ts'
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
   * that has a code; a fault rejects.
   *
   * @param build makes the arguments, and refuses those that cannot be sent
   * @param row takes each row; what goes to the caller goes through `hand`, whose errors are the caller's own
   */
  (
    operation: OperationName,
    build: () => Arguments,
    call: WriteCall,
    row?: (row: Row, hand: (give: () => void) => void) => void,
  ): Promise<Answer & { code: number }>
  close(): void
}

/** Whoever asks this account. Nothing is loaded or connected before the first call; `close` refuses calls to come. */
export function asker({ account, secret, timeoutMs, concurrency, ...options }: SoapCarrierOptions): Ask {
  const encode = encoder(account.endpoint, account.login, secret)
  const transport = createTransport(account.endpoint, { ca: options.ca })
  const queue = new PQueue({ concurrency })
  const maxBytes = options.maxBytes ?? { call: 64 * 2 ** 20, listing: 512 * 2 ** 20 }
  let closed = false

  const ask = async (...[operation, build, call, row = () => undefined]: Parameters<Ask>): ReturnType<Ask> => {
    if (closed) throw new CarrierError('cancelled', 'The carrier is closed. Nothing was sent.', { maybeSent: false })
    guard('login', account.login)
    guard('secret', secret)
    const rest = build()
    const { write, size } = kinds[operation]
    const deadline = startDeadline(timeoutMs[size], call.signal)
    const asked = performance.now()
    let maybeSent = false
    let rows = 0
    let own: { error: unknown } | undefined
    const hand = (give: () => void) => {
      rows++
      try {
        give()
      } catch (error) {
        own = { error }
        throw error
      }
    }

    const once = async (): Promise<Answer & { code: number }> => {
      if (closed) throw new CarrierError('cancelled', 'The carrier was closed. Nothing was sent.', { maybeSent })
      if (deadline.ended()) throw new Ended()
      if (write && performance.now() - asked > timeoutMs[size] / 2) {
        throw new CarrierError('timeout', 'Too many other calls were in the way. Nothing was sent.', { maybeSent })
      }
      const body = await encode(operation, rest)
      const reading = decoder(operation, (read) => row(read, hand))
      const sending = () => {
        try {
          call.sending?.()
        } catch {
          throw new CarrierError('cancelled', 'The caller stopped the request. Nothing was sent.', { maybeSent })
        }
        maybeSent = true
      }
      const message = { body, soapAction: namespace + operation, deadline, maxBytes: maxBytes[size], write, sending }
      const status = await transport.post(message, reading.write)
      return whole(reading.end(), status, secret)
    }
    // A retry waits outside the queue, so that it takes nobody's place.
    const queued = () => untilEnded(queue.add(once, { priority: write ? 1 : 0 }), deadline)
    const again = (error: unknown) => !write && rows === 0 && isPassing(error)

    try {
      return await withRetries(queued, { again, delayMs: options.retryDelayMs ?? 250, deadline })
    } catch (error) {
      if (own) throw own.error
      throw fresh(error, deadline.ended(), maybeSent, timeoutMs[size])
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

/** An answer with a code. The carrier's words about the whole are made safe to show: they may echo the request. */
function whole(answer: Answer, status: 200 | 500, secret: string): Answer & { code: number } {
  if (answer.fault) {
    const reason = withoutSecret(answer.fault.reason ?? '', secret)
    const message = `The carrier answered with a fault${reason ? `: "${reason}"` : ''}.`
    throw new CarrierError('rejected', message, { maybeSent: true, ...(status === 500 ? { code: 500 } : {}) })
  }
  const { code, message, ...others } = answer
  if (code === undefined || status === 500) throw new NotAnAnswer('says both success and failure (HTTP 500)')
  return { ...others, code, ...(message === undefined ? {} : { message: withoutSecret(message, secret) }) }
}

/** Safe to show, and without the secret, whether it stood there as it is or with something hidden between. */
function withoutSecret(text: string, secret: string): string {
  const redacted = (words: string) => (secret === '' ? words : words.replaceAll(secret, '[secret]'))
  return visible(redacted(visible(redacted(text), Number.POSITIVE_INFINITY)), 300)
}

function fresh(
  error: unknown,
  ended: 'timeout' | 'cancelled' | undefined,
  maybeSent: boolean,
  ms: number,
): CarrierError {
  const tail = maybeSent ? 'The request may have reached the carrier.' : 'Nothing was sent.'
  if (ended === 'timeout') {
    return new CarrierError('timeout', `The carrier did not answer within ${ms} ms. ${tail}`, { maybeSent })
  }
  if (ended === 'cancelled') return new CarrierError('cancelled', `The call was cancelled. ${tail}`, { maybeSent })
  if (error instanceof CarrierError) {
    return new CarrierError(error.kind, error.message, { maybeSent: error.maybeSent || maybeSent, code: error.code })
  }
  if (error instanceof NotAnAnswer) {
    return new CarrierError('protocol', `The carrier's answer ${error.message}.`, { maybeSent })
  }
  // What a library threw: its words may hold the request.
  return new CarrierError('protocol', `The request could not be made, or its answer not read. ${tail}`, { maybeSent })
}
