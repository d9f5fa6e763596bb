import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js'
import type { ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js'
import type { Environment } from '../domain/account.ts'
import type { Caller, WriteRequest } from '../operations/door.ts'
import type { Envelope } from '../operations/envelope.ts'
import type { FormToPut } from '../operations/form.ts'
import type { Policy } from '../policy/policy.ts'
import type { Sources, Tool } from '../tools/tool.ts'
import type { ErrorLog } from './error-results.ts'

/** What a server is made with, for as long as its connection lives. */
export interface McpServerOptions {
  /** In the order in which they are listed. */
  tools: readonly Tool[]
  /** What is in force now; asked at every list and call. Throws PolicyUnreadable where a file became unreadable. */
  policy: () => Policy
  /** What reading tools read from. */
  sources: Sources
  /** The one door for writes; it may answer with a form, which is to be put. */
  perform: (request: WriteRequest, caller: Caller) => Promise<Envelope | FormToPut>
  environment: Environment
  /** Who asks, for the journal: `user@host` over stdio, the token's subject over HTTP. */
  callerName: string
  version: string
  log: ErrorLog & { warn(message: string, fields?: Readonly<Record<string, unknown>>): void }
  /** The client is ready: the moment after which recovery may begin. */
  onInitialized?: (() => void) | undefined
}

/** What the SDK says of a request beside its arguments. */
export type CallContext = RequestHandlerExtra<ServerRequest, ServerNotification>
