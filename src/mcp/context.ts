import type { Environment } from '../domain/account.ts'
import type { Caller, WriteRequest } from '../operations/door.ts'
import type { Envelope } from '../operations/envelope.ts'
import type { FormToPut } from '../operations/form.ts'
import type { Policy } from '../policy/policy.ts'
import type { Sources, Tool } from '../tools/tool.ts'
import type { ErrorLog } from './error-results.ts'

/** What the face is made with, once for a process, however many clients it answers. */
export interface FaceOptions {
  /** The tools, in the order in which they are listed. */
  tools: readonly Tool[]
  /** What is in force now; asked at every list and call. Throws PolicyUnreadable where a file became unreadable. */
  policy: () => Policy
  /** What reading tools read from. */
  sources: Sources
  /** The one door for writes; it may answer with a form, which is to be put. */
  perform: (request: WriteRequest, caller: Caller) => Promise<Envelope | FormToPut>
  environment: Environment
  version: string
  log: ErrorLog
}

/** What is known of one request beside its method and its arguments, whichever revision of the protocol carried it. */
export interface RequestContext {
  /** Who asks, for the journal: `user@host` over stdio, the token's subject over HTTP. */
  caller: string
  /** The name that the client claims, as it came. */
  client?: string | undefined
  /** Aborted when the client cancels the request or is gone. */
  signal: AbortSignal
  /** Sends one step of progress. Absent where the client asked for none; never throws. */
  progress?: ((step: ProgressStep) => void) | undefined
  /**
   * Puts a form to the person in front of the client, and resolves with what the client answered, as it came; undefined
   * where no answer came in time. Rejects where the signal ended the wait, and where the client answered with an error.
   * Absent where the client cannot show forms inside a call.
   */
  elicit?: ((form: object, wait: { ms: number; signal: AbortSignal }) => Promise<unknown>) | undefined
}

/** One step of progress. `total` is absent where nobody knows it. */
interface ProgressStep {
  progress: number
  total?: number
  message: string
}
