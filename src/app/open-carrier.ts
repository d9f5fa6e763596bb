import type { Carrier } from '../carrier/carrier.ts'
import { methodsOf } from '../carrier/passed-on.ts'
import type { Config } from '../config/read-config.ts'
import type { Account } from '../domain/account.ts'
import { onFirstNeed } from './on-first-need.ts'

/** Opens the carrier room: nothing is loaded or connected before the first call. */
export function openCarrier(config: Config): Carrier {
  const { timeoutMs, concurrency } = config
  if (config.carrier) {
    const { login, secret, endpoint, environment, proxy } = config.carrier
    return whenNeeded({ login, endpoint, environment }, async () => {
      const { createSoapCarrier } = await import('../carrier/soap/soap-carrier.ts')
      return createSoapCarrier({ account: { login, endpoint, environment }, secret, proxy, timeoutMs, concurrency })
    })
  }
  const instance = unlikeAnyOther()
  // The port is the system's choice and known only then; the instance alone tells whose rows these are.
  const account: Account = { login: 'sandbox', endpoint: 'http://127.0.0.1', environment: 'sandbox', instance }
  return whenNeeded(account, async () => {
    const [{ startSandbox }, { createSoapCarrier }] = await Promise.all([
      import('../sandbox/service.ts'),
      import('../carrier/soap/soap-carrier.ts'),
    ])
    const sandbox = await startSandbox()
    const { secret, endpoint } = sandbox
    const carrier = createSoapCarrier({ account: { ...account, endpoint }, secret, timeoutMs, concurrency })
    return {
      ...carrier,
      async close() {
        await carrier.close()
        await sandbox.close()
      },
    }
  })
}

/** A carrier that is opened by its first call. */
function whenNeeded(account: Account, open: () => Promise<Carrier>): Carrier {
  const { get: carrier, close } = onFirstNeed(open)
  return { account, ...methodsOf(carrier), close }
}

/** An identity and no secret: a random one of node:crypto would cost every start 4 ms. */
function unlikeAnyOther(): string {
  return [Date.now(), process.pid, Math.random() * 2 ** 52].map((part) => part.toString(36)).join('-')
}
