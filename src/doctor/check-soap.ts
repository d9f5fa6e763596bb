import type { CarrierError, CarrierErrorKind } from '../carrier/errors.ts'
import { failureOf, register, where } from './admittance.ts'
import type { Finding } from './check.ts'
import type { Patient } from './patient.ts'

/** Whether what answers at the endpoint is the carrier's service, whatever it says of the credentials. */
export async function soap({ ask }: Patient): Promise<Finding> {
  const error = await failureOf(ask())
  if (error !== undefined && turnedAway(error)) return { verdict: 'failed', what: error.message, next: whichAddress }
  if (error === undefined || error.kind === 'auth') return { verdict: 'ok', what: 'the service answers' }
  return { verdict: 'failed', what: error.message, next: remedies[error.kind] }
}

const remedies: { readonly [kind in CarrierErrorKind]: string } = {
  auth: 'See credentials.',
  rejected: 'Check DID_MCP_ENDPOINT: its path must be that of the API service (…/Services/APIService.asmx).',
  unavailable: 'Try again in a minute; if it stays so, ask the carrier whether the API is up.',
  timeout: 'Try again; if the carrier is always slow from here, raise DID_MCP_TIMEOUT_MS.',
  protocol: 'Check DID_MCP_ENDPOINT, and proxies on the way: something else than the carrier may answer.',
  argument: 'Check DID_MCP_LOGIN and the secret: they hold something that cannot be sent.',
  cancelled: 'Try again.',
}

/** Whether the request was turned away before the service saw it: the answer is HTTP without a SOAP envelope. */
function turnedAway({ code }: CarrierError): boolean {
  return code === 401 || code === 403
}

const whichAddress =
  `Which public IP address do your requests come from? ${where} ${register}. ` +
  'If it is registered, check DID_MCP_ENDPOINT, and proxies on the way.'
