import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate as turn } from 'node:timers/promises'
import { type Dialect, unprocessed } from './dialects.ts'
import type { Delivery } from './faults.ts'
import { send, sendFault } from './front.ts'
import type { MethodAnswer } from './methods.ts'
import type { Schedule } from './schedule.ts'
import { toXml } from './xml.ts'

export interface Parcel {
  operation: string
  dialect: Dialect
  /** The envelope, the listing's element still empty. */
  xml: string
  listing?: MethodAnswer['listing']
}

export interface Post {
  /** Slow answers and the bytes of trickling ones. */
  schedule: Schedule
  slowMs: number
}

/** Sends an answer as a fault would have it. A caller that hangs up ends it. */
export async function deliver(response: ServerResponse, parcel: Parcel, how: Delivery, post: Post): Promise<void> {
  const { contentType } = parcel.dialect
  switch (how.kind) {
    case 'silence':
      return
    case 'reset':
      return void response.socket?.resetAndDestroy()
    case 'page':
      for (const [name, value] of Object.entries(how.headers ?? {})) response.setHeader(name, value)
      return send(response, how.status, how.type ?? contentType, how.body)
    case 'fault':
      return sendFault(response, parcel.dialect, 'service', unprocessed)
    case 'slow':
      await new Promise<void>((resolve) => post.schedule.after(post.slowMs, resolve))
      return stream(response, parcel)
    case 'close': {
      const { socket } = response
      response.once('finish', () => socket?.destroySoon())
      return stream(response, parcel)
    }
    case 'hang up': {
      const xml = Buffer.from(await whole(parcel))
      response.writeHead(200, { 'content-type': contentType, 'content-length': xml.length })
      response.write(xml.subarray(0, xml.length / 2), () => response.socket?.resetAndDestroy())
      return
    }
    case 'trickle':
      response.writeHead(200, { 'content-type': contentType })
      return trickle(response, await whole(parcel), post.schedule)
    case 'flood':
      response.writeHead(200, { 'content-type': contentType })
      return passOn(flood(parcel.xml), response)
    case 'answer':
      if (how.edit === undefined) return stream(response, parcel)
      return send(response, 200, contentType, how.edit(await whole(parcel), parcel.operation))
    default:
      return stream(response, parcel)
  }
}

/** Rows of a listing that are made at once, before others get their turn. An answer with fewer goes out in one piece. */
const rowsAtOnce = 250

async function stream(response: ServerResponse, parcel: Parcel): Promise<void> {
  const from = chunks(parcel)
  const first = await from.next()
  const second = await from.next()
  if (first.done || second.done) return send(response, 200, parcel.dialect.contentType, first.value ?? '')
  response.writeHead(200, { 'content-type': parcel.dialect.contentType })
  response.write(first.value + second.value)
  await passOn(from, response)
}

async function whole(parcel: Parcel): Promise<string> {
  let xml = ''
  for await (const chunk of chunks(parcel)) xml += chunk
  return xml
}

async function* chunks({ xml, listing }: Parcel): AsyncGenerator<string> {
  if (listing === undefined) return yield xml
  const { name, rows } = listing
  const [before = '', after = ''] = xml.split(new RegExp(`<${name}/>|<${name}></${name}>`))
  let chunk = `${before}<${name}>`
  let count = 0
  for (const row of rows) {
    if (count++ === rowsAtOnce) {
      yield chunk
      await turn()
      chunk = ''
      count = 1
    }
    chunk += toXml(name.slice(0, -1), row)
  }
  yield `${chunk}</${name}>${after}`
}

/** Rows without end, each of them well-formed. */
async function* flood(xml: string): AsyncGenerator<string> {
  yield `${xml.slice(0, xml.indexOf('>', xml.indexOf('Result>')) + 1)}<DIDs>`
  const rows = '<DID><tn>4355550100</tn><statusCode>100</statusCode></DID>'.repeat(1_000)
  for (let sent = 0; sent < 2 ** 30; sent += rows.length) yield rows
}

async function passOn(from: AsyncGenerator<string>, response: ServerResponse): Promise<void> {
  try {
    await pipeline(Readable.from(from, { highWaterMark: 1 }), response)
  } catch {
    response.destroy()
  }
}

function trickle(response: ServerResponse, xml: string, schedule: Schedule): void {
  let at = 0
  const next = () => {
    if (at >= xml.length || response.destroyed) return void response.end()
    response.write(xml.charAt(at++))
    schedule.after(20, next)
  }
  next()
}
