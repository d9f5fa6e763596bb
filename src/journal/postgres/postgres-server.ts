import pg, { type ClientConfig, type PoolClient } from 'pg'
import { JournalUnavailable } from '../journal.ts'

/** The options that each session of the journal sends, so that no default of the database's or the role's weakens it. */
export const sessionOptions = '-c synchronous_commit=on'

/**
 * Looks whether sessions are what the journal takes them for.
 *
 * @returns the server's version and how it commits, for a person
 * @throws JournalUnavailable where a commit would be believed before it is on the disk, or where a pooler hands one
 * session's server to others: the lock that proves a process alive would be anybody's
 */
export async function lookAtServer(pool: pg.Pool, config: ClientConfig): Promise<string> {
  const client = await pool.connect()
  try {
    const seen = await lookAtSession(client)
    if (!durable.has(seen.commits)) throw new JournalUnavailable(words.commits(config, seen.commits))
    // A pooler gives out a number of its own where PostgreSQL names the process that serves the session.
    const pooled = seen.pid !== (client as { processID?: number | null }).processID
    if (pooled && (await isParted(client, seen.pid, config))) throw new JournalUnavailable(words.parted(config))
    return `PostgreSQL ${seen.version}, synchronous_commit ${seen.commits}`
  } finally {
    client.release()
  }
}

const durable = new Set(['on', 'remote_apply'])

/** Whether another client is served by the process that serves this one, which is connected all the while. */
async function isParted(client: PoolClient, pid: number, config: ClientConfig): Promise<boolean> {
  const other = new pg.Client(config)
  other.on('error', () => undefined)
  await other.connect()
  try {
    // The comparison is repeated, because a pooler chooses freely which of its free servers it gives out.
    for (let left = 3; left > 0; left--) {
      await other.query('begin')
      const others = await lookAtSession(other)
      const own = await lookAtSession(client)
      await other.query('commit')
      if (others.pid === pid || own.pid !== pid) return true
    }
    return false
  } finally {
    await other.end()
  }
}

interface Session {
  pid: number
  version: string
  commits: string
}

async function lookAtSession(client: pg.ClientBase): Promise<Session> {
  const { rows } = await client.query<Session>(
    `select pg_backend_pid() as pid, current_setting('server_version') as version,
       current_setting('synchronous_commit') as commits`,
  )
  const [session] = rows
  if (session === undefined) throw new Error('the server told nothing of its session')
  return session
}

const words = {
  commits: ({ host, port }: ClientConfig, commits: string) =>
    `The journal's database at ${host}:${port} believes a commit before it is on the disk (synchronous_commit = ${commits}), ` +
    'and something between drops what did-mcp asks for. Nothing was changed. Let DID_MCP_DATABASE_URL name the database ' +
    'itself, or have its role set: alter role … set synchronous_commit = on',
  parted: ({ host, port }: ClientConfig) =>
    `What answers at ${host}:${port} is a connection pooler that gives a session's server to other clients between ` +
    'transactions (transaction mode), so the lock that proves a did-mcp process alive would prove nothing. Nothing was ' +
    'changed. Let DID_MCP_DATABASE_URL name the database itself, or a pool in session mode.',
}
