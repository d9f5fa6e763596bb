import { setImmediate as turn } from 'node:timers/promises'
import type { Client } from 'soap'
import { CarrierError } from '../errors.ts'
import { unsendable } from '../sendable.ts'
import { isBeyond, type OperationName, operations, theTen, wsdl } from './wsdl.ts'

/** An operation's elements after login and secret, in wire order: `soap` sorts nested types, but not these. */
export type Arguments = Readonly<
  Record<string, Primitive | { DIDParam: readonly Readonly<Record<string, Primitive>>[] }>
>

type Primitive = string | number

/**
 * Makes the text of requests: the envelope, order and escaping are those of `soap`, which is imported and given its
 * WSDL at the first request; concurrent first requests share that. Login and secret stay in this closure.
 */
export function encoder(
  endpoint: string,
  login: string,
  secret: string,
): (operation: OperationName, rest: Arguments) => Promise<string> {
  const loading = new Map<readonly OperationName[], Promise<Build>>()
  return async (operation, rest) => {
    // Who never leaves the ten does not wait for the description of the others.
    const described = isBeyond(operation) ? operations : theTen
    const loaded = loading.get(described) ?? load(endpoint, described)
    loading.set(described, loaded)
    loaded.catch(() => loading.delete(described))
    const build = await loaded
    return build(operation, { login, secret, ...rest })
  }
}

/**
 * Refuses what `soap` would send as something else than was given: a text that is not sendable (a crafted refId becomes a
 * second DIDParam), an object's `$xml` as markup.
 *
 * @throws CarrierError of kind `argument`. It names the argument and never quotes it: it may be the secret.
 */
export function guard(name: string, value: unknown): void {
  if (value === undefined) return
  const problem = problemOf(value)
  if (problem) throw new CarrierError('argument', `${name} ${problem}. Nothing was sent.`, { maybeSent: false })
}

function problemOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'boolean':
      return undefined
    case 'number':
      return Number.isInteger(value) && value >= 0 && value <= 2_147_483_647
        ? undefined
        : 'must be a whole number from 0 to 2147483647'
    case 'string':
      return unsendable(value)
    default:
      return 'must be a text, a whole number or a boolean'
  }
}

type SoapMethod = (args: Arguments, callback: () => void, options: { exchangeId: string }) => void
type Build = (operation: OperationName, all: Arguments) => string

async function load(endpoint: string, described: readonly OperationName[]): Promise<Build> {
  const { createClientAsync } = (await import('soap')).default
  // Each of these takes 20 ms and more: others get their turn between them.
  await turn()
  let envelope = ''
  const client: Client = await createClientAsync(wsdl(endpoint, described), {
    // The cache would hand this client's options to the next one.
    disableCache: true,
    // Called by the client synchronously, with the finished envelope. It sends nothing, and the package's own HTTP
    // client, which prints requests under DEBUG, is never made.
    httpClient: {
      request(_address: string, xml: string) {
        envelope = xml
        return new Promise<never>(() => undefined)
      },
    },
  })
  await turn()
  const unheard = () => undefined
  // The client makes a random id for each request otherwise, for listeners that there are none of.
  const unheardOf = { exchangeId: 'request' }
  const methods = new Map<OperationName, SoapMethod>(described.map((operation) => [operation, client[operation]]))
  return (operation, all) => {
    methods.get(operation)?.(all, unheard, unheardOf)
    const text = envelope
    // The client remembers its last request, and that holds the secret.
    envelope = ''
    Object.assign(client, { lastRequest: undefined, lastMessage: undefined })
    return text
  }
}
