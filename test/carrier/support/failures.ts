import { expect } from 'vitest'

/** How a call failed, whole. */
export async function failure(call: Promise<unknown>): Promise<Record<string, unknown>> {
  const error = await call.then(
    () => expect.fail('it went well'),
    (error: unknown) => error,
  )
  const { name, message, kind, maybeSent, code } = error as Record<string, unknown>
  return { name, message, kind, maybeSent, ...(code === undefined ? {} : { code }) }
}

/** A CarrierError, whole. */
export const failed = (kind: string, maybeSent: boolean, message: string, code?: number) => ({
  name: 'CarrierError',
  kind,
  maybeSent,
  message,
  ...(code === undefined ? {} : { code }),
})
