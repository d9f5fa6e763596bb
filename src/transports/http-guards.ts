import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { isLoopback } from '../domain/loopback.ts'
import type { Reply } from './http-replies.ts'

/** The names that this server goes by; a request that names another one was meant for somebody else, or is a trick. */
export interface Names {
  /** The host on which it listens. */
  host: string
  /** What clients and browsers call it. */
  publicUrl: URL
}

/**
 * What is wrong with a request's Host and Origin. A page in a browser can let its own name lead to this machine (DNS
 * rebinding); what it cannot do is leave its name out of these two.
 */
export function foreign({ headers, headersDistinct }: IncomingMessage, { host, publicUrl }: Names): Reply | undefined {
  const twice = single.find((name) => (headersDistinct[name]?.length ?? 0) > 1)
  if (twice !== undefined)
    return { status: 400, words: `The header ${twice} stands twice: nobody can tell which is meant.` }
  const named = hostOf(headers.host)
  if (named === undefined) return { status: 400, words: 'The request needs one Host header that can be read.' }
  const ours = named === publicUrl.hostname || named === bracketed(host) || (isOnLoopback(host) && isLoopback(named))
  if (!ours) return { status: 403, words: 'This server does not go by the name in the Host header.' }
  const { origin } = headers
  if (origin === undefined || origin === publicUrl.origin || origin === `http://${headers.host}`) return undefined
  return { status: 403, words: 'Pages of this origin may not call this server.' }
}

/** Whether a server that listens on this address is reached by loopback, too. */
const isOnLoopback = (host: string): boolean => isLoopback(host) || host === '0.0.0.0' || host === '::'

/** The headers that decide something: a proxy in front may have gone by another one of two. */
const single = ['host', 'origin', 'authorization', 'content-type', 'mcp-session-id', 'mcp-protocol-version']

function hostOf(text: string | undefined): string | undefined {
  if (text === undefined || !/^[a-z0-9.:[\]_-]+$/i.test(text)) return undefined
  const url = `http://${text}/`
  return URL.canParse(url) ? new URL(url).hostname : undefined
}

/** A host as it stands in a URL. */
export const bracketed = (host: string): string => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host)

/** What a client can take: one answer as JSON, or a stream of events. */
export interface Acceptable {
  json: boolean
  stream: boolean
}

export function takenBy({ accept }: IncomingHttpHeaders): Acceptable {
  if (accept === undefined || accept.trim() === '') return { json: true, stream: false }
  const types = accept.split(',').map((part) => part.split(';')[0]?.trim().toLowerCase() ?? '')
  const takes = (...names: string[]) => names.some((name) => types.includes(name))
  return {
    json: takes('application/json', 'application/*', '*/*'),
    stream: takes('text/event-stream', 'text/*'),
  }
}
