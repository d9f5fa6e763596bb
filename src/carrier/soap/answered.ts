import { CarrierError } from '../errors.ts'

/** The envelope's words, where there are any. */
export function wordsOf({ message }: { message?: string }): { message?: string } {
  return message === undefined ? {} : { message }
}

/** What came is not what was asked for: `what` completes "The carrier's answer …". */
export function notAnAnswer(what: string): CarrierError {
  return new CarrierError('protocol', `The carrier's answer ${what}.`, { maybeSent: true })
}
