import { CarrierError, type CarrierErrorKind } from '../carrier/errors.ts'
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

/** Before the service was asked: HTTP, and no envelope, says so. */
function turnedAway({ code }: CarrierError): boolean {
  return code === 401 || code === 403
}

/** Whether the carrier lets this API user in, from here. */
export async function credentials({ ask, config }: Patient): Promise<Finding> {
  const error = await failureOf(ask())
  if (error === undefined) {
    const who =
      config().carrier === undefined ? 'the sandbox lets its own user in' : 'the carrier lets this API user in'
    return { verdict: 'ok', what: `${who}, from this address` }
  }
  return { verdict: 'failed', what: refusal(error.code), next: admittance(error.code) }
}

function refusal(code: number | undefined): string {
  return code === 901
    ? "the carrier does not know this machine's public address (code 901)"
    : `the carrier knows no such login, secret and address together (code ${code ?? 'unknown'})`
}

function admittance(code: number | undefined): string {
  return code === 901
    ? `${where} ${register}.`
    : `${where} check that the API user exists (it is not the Back Office login), set its secret anew, and ${register}.`
}

const register =
  'register the public IP address that your requests come from (behind a VPN or a home router it is not the ' +
  "machine's own, and it may change)"
const where = "In the carrier's Back Office, Add-Ons, API Users:"
const whichAddress =
  `Which public IP address do your requests come from? ${where} ${register}. ` +
  'If it is registered, check DID_MCP_ENDPOINT, and proxies on the way.'

async function failureOf(asked: Promise<unknown>): Promise<CarrierError | undefined> {
  try {
    await asked
    return undefined
  } catch (error) {
    if (error instanceof CarrierError) return error
    throw error
  }
}
