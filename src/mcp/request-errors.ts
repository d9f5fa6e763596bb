import { harmless, visible } from '../domain/untrusted.ts'
import type { RefusalCode } from '../operations/refusal.ts'
import type { FaceOptions } from './context.ts'
import { environmentMeta } from './environment.ts'
import { failureOf, longestMessage } from './error-results.ts'
import { errorCodes } from './json-rpc.ts'

/**
 * The answer to a request, or its failure as a JSON-RPC error: what happened and what to do next, in our own words, and
 * for a program the same in `data["did-mcp/error"]`. This is the boundary, and everything is caught here.
 *
 * @param what the request, for the log
 * @throws RequestError alone
 */
export async function inOurWords<Answer>(
  what: string,
  options: Pick<FaceOptions, 'log' | 'environment'>,
  answer: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await answer()
  } catch (error) {
    if (error instanceof RequestError) throw error
    const { code, message, next, retryable, details } = failureOf(error, { tool: what, writes: false }, options.log)
    throw new RequestError(byArguments.has(code) ? errorCodes.invalidParams : errorCodes.internal, message, next, {
      ...environmentMeta(options.environment),
      'did-mcp/error': { code, retryable, details },
    })
  }
}

/** A URI that names nothing. `why` and `next` are whole sentences. */
export function noSuchResource(uri: string, why: string, next: string): RequestError {
  const shown = shownUri(uri)
  return new RequestError(errorCodes.resourceNotFound, `There is no resource ${shown}. ${why}`.trim(), next, {
    uri: shown,
  })
}

/** A URI as whoever asked wrote it, made harmless; what may be one of ours stays as it is. */
export function shownUri(uri: string): string {
  if (uri.length <= longestUri && /^did:\/\/[\w./{}-]*$/.test(uri)) return uri
  const [, scheme = '', rest = uri] = /^(did:\/\/)(.*)$/s.exec(uri) ?? []
  return scheme + harmless(rest, longestUri - scheme.length)
}

/** Characters. */
const longestUri = 80

/** What another choice of arguments would mend, or a person. */
const byArguments: ReadonlySet<RefusalCode> = new Set(['INVALID_INPUT', 'POLICY_DENIED', 'LIMIT_EXCEEDED'])

/** What a JSON-RPC error is made of. Not the SDK's McpError: that puts the code into the message, and a client puts it there again. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly code: number
  readonly data: object | undefined

  constructor(code: number, message: string, next: string, data?: object) {
    super(visible(`${message} ${next}`, longestMessage))
    this.code = code
    this.data = data
  }
}
