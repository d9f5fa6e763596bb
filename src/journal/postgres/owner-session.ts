import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, type ClientConfig, default as pg } from 'pg'
import { JournalUnavailable } from '../journal.ts'

/**
 * The lock that makes this process an owner on PostgreSQL: a session advisory lock on a connection of its own. The server
 * frees it with the session; a process that lost it while alive is no owner until it holds it again.
 */
export interface OwnerSession {
  /** Makes sure that the lock is held now. True: it was not held before this call. */
  hold(): Promise<boolean>
  release(): Promise<void>
}

export function ownerSession(config: ClientConfig, key: string): OwnerSession {
  let session: Client | undefined
  let taking: Promise<boolean> | undefined

  /** Asks the server whether the lock is still held, each time: a half-dead connection does not say so by itself. */
  const stillHeld = async (): Promise<boolean> => {
    if (!session) return false
    try {
      await session.query('select 1')
      return session !== undefined
    } catch {
      drop()
      return false
    }
  }
  const drop = () => {
    const lost = session
    session = undefined
    lost?.end().catch(() => undefined)
  }
  const take = async (): Promise<boolean> => {
    if (await stillHeld()) return false
    const client = new pg.Client(config)
    const lost = () => {
      if (session === client) session = undefined
    }
    client.on('error', lost)
    client.on('end', lost)
    try {
      await client.connect()
      if (!(await lock(client, key))) {
        throw new JournalUnavailable(
          'This process lost its lock in the database and cannot have it back yet: its old session has not ended there. ' +
            'Nothing was sent or recorded; try again in a moment.',
        )
      }
      session = client
      return true
    } catch (failure) {
      client.end().catch(() => undefined)
      throw failure
    }
  }

  return {
    hold: () => {
      taking ??= take().finally(() => {
        taking = undefined
      })
      return taking
    },
    release: async () => {
      const held = session
      session = undefined
      await held?.end()
    },
  }
}

/**
 * Tries to take the lock, several times: the server may need a moment to end the session that was lost, or another process
 * may be looking whether we live.
 */
async function lock(client: Client, key: string): Promise<boolean> {
  for (let left = 20; ; left--) {
    const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [key])
    if (rows[0]?.held || left === 0) return rows[0]?.held === true
    await sleep(50)
  }
}

/** A name as the 64-bit number that PostgreSQL's advisory locks go by. */
export function lockKey(...names: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(names)).digest().readBigInt64BE(0).toString()
}
