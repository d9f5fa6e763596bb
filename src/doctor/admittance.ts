import { CarrierError } from '../carrier/errors.ts'

/**
 * Waits for a question to the carrier and returns how it failed; undefined where it did not. Rethrows what is no carrier's
 * error.
 */
export async function failureOf(asked: Promise<unknown>): Promise<CarrierError | undefined> {
  try {
    await asked
    return undefined
  } catch (error) {
    if (error instanceof CarrierError) return error
    throw error
  }
}

/** The thing to do in the Back Office so that the carrier lets this address in. */
export const register =
  'register the public IP address that your requests come from (behind a VPN or a home router it is not the ' +
  "machine's own, and it may change)"
/** The place in the Back Office, as the words before what is to be done there. */
export const where = "In the carrier's Back Office, Add-Ons, API Users:"
