import { ageOf, moment, systemClock } from '../../domain/clock.ts'
import { type Hide, hider, leastInData, redacted } from '../../domain/hider.ts'
import { isTelephoneNumber } from '../../domain/telephone-number.ts'
import { harmless, visible } from '../../domain/untrusted.ts'
import type { Call } from '../asking.ts'
import { CarrierError } from '../errors.ts'
import { accessRefused, explain } from '../outcomes.ts'
import { type Deadline, startDeadline } from './deadline.ts'
import { type DecodedAnswer, type DecodedRow, decoder, NotAnAnswer } from './decode.ts'
import { type Arguments, encoder, guard } from './encode.ts'
import type { SoapCarrierOptions } from './options.ts'
import { isPassing, withRetries } from './retry.ts'
import { createTransport } from './transport.ts'
import { createTurns, type TurnQueue } from './turns.ts'
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
    call: AskCall,
    row?: (row: DecodedRow, hand: (give: () => void) => void) => boolean,
  ): Promise<AnsweredCall>
  close(): void
}

export interface AskCall extends Call {
  /** The turn of a write that a read goes under. */
  turn?: TurnQueue | undefined
  /** The preparation of a write: see WriteCall. */
  prepare?: ((turn: TurnQueue) => Promise<Arguments>) | undefined
  sending?: (() => void) | undefined
}

/** An answer with a code, and its rows where nobody took them as they arrived; `odd` is what could be read of odd ones. */
type AnsweredCall = DecodedAnswer & { code: number; rows: DecodedRow[]; odd: DecodedRow[] }

/** Whoever asks this account. Nothing is loaded or connected before the first call; `close` refuses calls to come. */
export function asker({ account, secret, timeoutMs, concurrency, ...options }: SoapCarrierOptions): Ask {
  const now = options.now ?? Date.now
  const encode = encoder(account.endpoint, account.login, secret)
  const hide = hider([`${account.login}:${secret}`, secret], leastInData)
  const transport = createTransport(account.endpoint, { ca: options.ca, proxy: options.proxy })
  const turns = createTurns(concurrency)
  const maxBytes = options.maxBytes ?? { call: 64 * 2 ** 20, listing: 512 * 2 ** 20 }
  let closed = false

  const ask = async (...[operation, build, call, row]: Parameters<Ask>): Promise<AnsweredCall> => {
    if (closed) throw new CarrierError('cancelled', 'The carrier is closed. Nothing was sent.', { maybeSent: false })
    guard('login', account.login)
    guard('secret', secret)
    const rest = build()
    for (const value of Object.values(rest)) guardHidden(value)
    const { write, size } = kinds[operation]
    const deadlineMs = timeoutMs[size]
    // A write that waits for its turn and its connection for longer than this is not sent any more.
    const waitMs = write ? deadlineMs / 2 : deadlineMs
    const deadline = startDeadline(waitMs, call.signal)
    const asked = moment(systemClock)
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

    const prepared = async (turn: TurnQueue): Promise<Arguments> => {
      if (call.prepare === undefined) return rest
      // Whoever prepares bounds their own time.
      deadline.hold()
      try {
        return await call.prepare(turn)
      } catch (error) {
        own = { error }
        throw error
      }
    }

    const once = async (turn?: TurnQueue): Promise<AnsweredCall> => {
      if (closed) throw new CarrierError('cancelled', 'The carrier was closed. Nothing was sent.', { maybeSent })
      if (deadline.ended()) throw new Ended()
      // A machine that slept stands where its timers stood.
      if (write && ageOf(systemClock, asked) > waitMs) throw new Ended()
      const body = async () => encode(operation, turn === undefined ? rest : await prepared(turn))
      const [rows, odd]: [DecodedRow[], DecodedRow[]] = [[], []]
      const keep = {
        row: (read: DecodedRow) => rows.push(hideIn(read, hide)) > 0,
        odd: (read: DecodedRow) => odd.push(hideIn(read, hide)),
      }
      const heard = row ? { row: (read: DecodedRow) => row(hideIn(read, hide), hand) } : keep
      const reading = decoder(operation, { ...heard, shown: (text) => visible(hide(text)) })
      const sending = () => {
        try {
          call.sending?.()
        } catch {
          throw new CarrierError('cancelled', 'The caller stopped the request. Nothing was sent.', { maybeSent })
        }
        maybeSent = true
        if (write) deadline.restart(deadlineMs)
      }
      const message = { body, soapAction: namespace + operation, deadline, maxBytes: maxBytes[size], write, sending }
      const answer = whole(hideIn(await transport.post(message, reading), hide))
      if (!write) accept(answer)
      return { ...answer, rows, odd }
    }
    // A retry waits outside the queue, so that it takes nobody's place.
    const queued = () => untilEnded(write ? turns.write(once) : turns.read(once, call.turn), deadline)
    const again = (error: unknown) => !write && handed === 0 && isPassing(error)

    try {
      return await withRetries(queued, { again, delayMs: options.retryDelayMs ?? 250, deadline })
    } catch (error) {
      if (own) throw own.error
      const waited = deadline.ended() === 'timeout' || (error instanceof Ended && deadline.ended() === undefined)
      if (write && !maybeSent && waited) throw tooLong(waitMs)
      throw fresh(error, deadline.ended(), deadlineMs, maybeSent ? now() : undefined)
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

interface OperationKind {
  readonly write: boolean
  readonly size: 'call' | 'listing'
}

const one: OperationKind = { write: false, size: 'call' }
const change: OperationKind = { write: true, size: 'call' }

const kinds: { readonly [operation in OperationName]: OperationKind } = {
  auditDIDs: { write: false, size: 'listing' },
  getDIDs: { write: false, size: 'listing' },
  getDIDCount: { write: false, size: 'listing' },
  queryDID: one,
  isPortable: one,
  getPortDetails: one,
  reserveDID: change,
  assignDID: change,
  configDID: change,
  releaseDID: change,
  validate911: one,
  insert911: change,
  update911: change,
  query911: one,
  audit911: { write: false, size: 'listing' },
  remove911: change,
  addLocation: change,
  getLocations: one,
  provisionLocation: change,
  removeLocation: change,
  getProvisioningHistory: one,
  Add911Alert: change,
  Remove911Alert: change,
  Query911Alert: one,
  GetCNAMDisplay: one,
  UpdateCNAMDisplay: change,
  RemoveCNAM: change,
  GetDIDFailover: one,
  UpdateDIDFailover: change,
  GetDIDForward: one,
  SetDIDForward: change,
  RemoveDIDForward: change,
  GetPrepaidBalance: one,
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
function whole(answer: DecodedAnswer): DecodedAnswer & { code: number } {
  if (answer.fault) {
    const words = visible(answer.fault.reason ?? '')
    const kind = laysItOnTheRequest(answer.fault.code) ? 'rejected' : 'unavailable'
    const message = `The carrier answered with a fault${quoted(words)}.`
    throw new CarrierError(kind, message, { maybeSent: true, words: words || undefined })
  }
  const { code, message, unreadable, ...others } = answer
  if (code === undefined) throw new NotAnAnswer('has no responseCode')
  const words = visible(message ?? '')
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

/** What a carrier says may hold the secret, which it knows, in whatever field: it stands in no text that leaves this room. */
function hideIn<Value>(value: Value, hide: Hide): Value {
  if (typeof value !== 'object' || value === null) return value
  const fields = value as Record<string, unknown>
  for (const key in fields) {
    const field = fields[key]
    if (typeof field === 'string') fields[key] = isTelephoneNumber(field) ? field : hide(field)
    else if (typeof field === 'object') hideIn(field, hide)
  }
  return value
}

/** A text of the carrier's that the secret was taken out of must not be written back as if it were the text. */
function guardHidden(value: Arguments[string] | undefined): void {
  const texts = typeof value === 'object' ? value.DIDParam.flatMap((param) => Object.values(param)) : [value]
  if (texts.some((text) => typeof text === 'string' && text.includes(redacted))) {
    const message = `A reference that holds ${redacted} is not written: give another one. Nothing was sent.`
    throw new CarrierError('argument', message, { maybeSent: false })
  }
}

function tooLong(ms: number): CarrierError {
  return new CarrierError('timeout', `No turn and no connection was to be had within ${ms} ms. Nothing was sent.`, {
    maybeSent: false,
  })
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
