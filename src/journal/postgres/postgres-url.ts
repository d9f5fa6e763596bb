import { readFileSync } from 'node:fs'
import type { ClientConfig } from 'pg'
import { isLoopback } from '../../domain/loopback.ts'
import { JournalUnavailable } from '../journal.ts'

/** The address of the database and the way it is spoken to; taken apart here, so that no driver's default weakens it. */
export type PostgresAddress = Required<Pick<ClientConfig, 'host' | 'port' | 'database' | 'ssl'>> &
  Pick<ClientConfig, 'user' | 'password'>

/**
 * The values of sslmode that verify the certificate. Off loopback TLS is always verified; these ask for the same on
 * loopback.
 */
const verified = new Set(['require', 'verify-ca', 'verify-full'])
const lax = new Set(['prefer', 'allow'])
const unverified = new Set(['disable', 'no-verify'])
const known = new Set(['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'host', 'application_name', 'uselibpqcompat'])

/**
 * Takes a PostgreSQL URL apart. Throws JournalUnavailable, without the password, for what is no PostgreSQL URL or names no
 * database, for a parameter it does not know, and for a connection off loopback that would not verify the server's
 * certificate.
 */
export function parsePostgresUrl(text: string): PostgresAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw refused('it is not of the form postgres://user:password@host:port/database')
  }
  for (const name of url.searchParams.keys())
    if (!known.has(name)) throw refused(`it has the unknown parameter ${name}`)
  // A socket's folder comes as ?host=/var/run/postgresql, or encoded in the host's place.
  const host = url.searchParams.get('host') ?? (decode(url.hostname).replace(/^\[(.*)\]$/, '$1') || 'localhost')
  const database = decode(url.pathname.slice(1))
  if (database === '') throw refused('it names no database: postgres://user:password@host:port/database')
  const user = decode(url.username) || undefined
  const password = decode(url.password) || undefined
  return {
    host,
    port: Number(url.port || 5432),
    database,
    // A socket in the file system is as near as loopback.
    ssl: tls(url.searchParams, host.startsWith('/') || isLoopback(host)),
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
  }
}

/** Takes the password, as written and as meant, out of a driver's words. */
export function withoutPassword(text: string, url: string): string {
  const written = /^[^:]+:\/\/[^:/]*:([^/?#]*)@/.exec(url)?.[1] ?? ''
  const meant = URL.canParse(url) ? decode(new URL(url).password) : ''
  const secrets = [written, decode(written), meant].filter((secret) => secret !== '')
  return secrets.reduce((left, secret) => left.replaceAll(secret, '***'), text)
}

function tls(parameters: URLSearchParams, loopback: boolean): boolean | { [option: string]: unknown } {
  const mode = parameters.get('sslmode') ?? 'prefer'
  if (unverified.has(mode) && !loopback) {
    throw refused(`sslmode=${mode} would trust any server. Leave it out, or name the CA's file in sslrootcert`)
  }
  if (!verified.has(mode) && !lax.has(mode) && !unverified.has(mode)) throw refused(`sslmode=${mode} is unknown`)
  if (loopback && (mode === 'disable' || lax.has(mode))) return false
  const ca = file(parameters, 'sslrootcert')
  const cert = file(parameters, 'sslcert')
  const key = file(parameters, 'sslkey')
  return {
    rejectUnauthorized: mode !== 'no-verify',
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  }
}

function file(parameters: URLSearchParams, name: string): string | undefined {
  const path = parameters.get(name)
  if (path === null) return undefined
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw refused(`${name} cannot be read: ${path}`)
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function refused(why: string): JournalUnavailable {
  return new JournalUnavailable(`DID_MCP_DATABASE_URL cannot be used: ${why}. Nothing was changed.`)
}
