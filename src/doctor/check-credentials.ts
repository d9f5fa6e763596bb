import { failureOf, register, where } from './admittance.ts'
import type { Finding } from './check.ts'
import type { Patient } from './patient.ts'

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
