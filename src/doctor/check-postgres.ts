import type { Finding } from './check.ts'

/**
 * Judges why the journal's database cannot be used, and says what to do.
 *
 * @param message the journal's, without the password
 * @param url DID_MCP_DATABASE_URL
 */
export function judgeDatabase(message: string, url: string): Finding {
  const failed = /^(The journal's database at .+ failed) \((.*)\)\. Nothing is sent /s.exec(message)
  // The other failures say in their own message what to do.
  if (failed === null) return { verdict: 'failed', what: message }
  const [, which = '', words = ''] = failed
  const { remedy } = remedies.find(({ words: known }) => known.test(words)) ?? { remedy: check }
  return { verdict: 'failed', what: `${which}: ${words}`, ...remedy({ words, role: roleIn(url) }) }
}

const encoded = '@ is %40, / is %2F, # is %23, ? is %3F'

interface SeenFailure {
  /** The message of the failure, the database's or the system's. */
  words: string
  /** The role's name as SQL writes it. */
  role: string
}

type Remedy = (seen: SeenFailure) => Pick<Finding, 'next' | 'run'>

const check: Remedy = () => ({ next: 'Check DID_MCP_DATABASE_URL.' })

const remedies: readonly { words: RegExp; remedy: Remedy }[] = [
  {
    words: /^database ".+" does not exist/,
    remedy: ({ words }) => ({
      next: "Check the name at the end of DID_MCP_DATABASE_URL. If it is right, the server's administrator makes it:",
      run: `create ${words.replace(/ does not exist.*/s, '')}`,
    }),
  },
  {
    words: /^role ".+" does not exist/,
    remedy: () => ({ next: "Check the user in DID_MCP_DATABASE_URL. The server's administrator makes roles." }),
  },
  {
    words: /password authentication failed|password must be a string/,
    remedy: () => ({
      next: `Check user and password in DID_MCP_DATABASE_URL. The password is percent-encoded there: ${encoded}.`,
    }),
  },
  {
    words: /pg_hba\.conf/,
    remedy: () => ({ next: "The server's administrator lets this user in from this address, in its pg_hba.conf." }),
  },
  {
    words: /^permission denied for database/,
    remedy: ({ role }) => ({
      next: 'It keeps to a schema of its own, which the administrator of the database makes for it:',
      run: `create schema did_mcp authorization ${role}`,
    }),
  },
  {
    words: /^permission denied for (schema|table|sequence)/,
    remedy: ({ role }) => ({
      next: "The schema did_mcp is another role's. That one, or the administrator of the database, lets this one in:",
      run: `grant usage, create on schema did_mcp to ${role}; grant all on all tables in schema did_mcp to ${role}`,
    }),
  },
  {
    words: /unsupported startup parameter/,
    remedy: () => ({
      next:
        'A connection pooler stands before the database. Let DID_MCP_DATABASE_URL name the database itself, or a pool in ' +
        'session mode that passes these on or ignores them (PgBouncer: ignore_startup_parameters).',
    }),
  },
  {
    words: /ECONNREFUSED/,
    remedy: () => ({
      next: 'Nothing listens there: check host and port in DID_MCP_DATABASE_URL, and whether PostgreSQL runs.',
    }),
  },
  {
    words: /ENOTFOUND|EAI_AGAIN/,
    remedy: () => ({ next: 'There is no such host: check it in DID_MCP_DATABASE_URL, and the network.' }),
  },
  {
    words: /timeout|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/,
    remedy: () => ({
      next: 'Nobody answers there: check host and port in DID_MCP_DATABASE_URL. A firewall may be in the way.',
    }),
  },
  {
    words: /does not support SSL/,
    remedy: () => ({ next: 'Off loopback only TLS is spoken: it has to be switched on at the server (ssl = on).' }),
  },
  {
    words: /certificate|altnames/i,
    remedy: () => ({ next: 'If its CA is your own, name its file in DID_MCP_DATABASE_URL: ?sslrootcert=/path/ca.pem' }),
  },
]

function roleIn(url: string): string {
  const user = decodeURIComponent(new URL(url).username)
  return user === '' ? 'ROLE' : `"${user.replaceAll('"', '""')}"`
}
