import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startIssuer } from '../access/support/issuer.ts'
import { peer } from '../carrier/support/peer.ts'
import { temporaryFolder } from '../support/folder.ts'
import { initialize, type Program, start } from '../support/program.ts'

interface Served {
  program: Program
  url: URL
}

async function serve(env: Record<string, string> = {}, args: string[] = []): Promise<Served> {
  const program = start(['serve', '--port', '0', ...args], env)
  if (!program.stdout().includes('\n')) await once(program.child.stdout as NodeJS.ReadableStream, 'data')
  return { program, url: new URL(program.stdout().trim()) }
}

async function connect(url: URL): Promise<Client> {
  const client = new Client({ name: 'test', version: '0' })
  await client.connect(new StreamableHTTPClientTransport(url) as Parameters<Client['connect']>[0])
  onTestFinished(() => client.close())
  return client
}

interface Came {
  status: number
  headers: Record<string, unknown>
  text: string
}

function ask(url: URL, path: string, { method = 'GET', headers = {}, body = '' } = {}): Promise<Came> {
  return new Promise((resolve, reject) => {
    const asking = request(new URL(path, url), { method, headers, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece) => {
        text += piece
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    asking.on('error', reject)
    asking.end(body)
  })
}

const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
const post = (url: URL, message: object, headers: Record<string, string> = {}) =>
  ask(url, '/mcp', {
    method: 'POST',
    headers: { ...json, ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', ...message }),
  })

describe('the server over HTTP', () => {
  test('prints its address once, and is for a real client what it is over stdio', async () => {
    const { program, url } = await serve()
    expect(program.stdout()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp\n$/)
    const client = await connect(url)
    expect(client.getServerVersion()).toMatchObject({ name: 'did-mcp', title: 'did-mcp (sandbox)' })
    expect(client.getInstructions()).toMatch(/sandbox/)
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toContain('releaseDID')
    const answer = await client.callTool({ name: 'queryDID', arguments: { did: '435-555-0105' } })
    expect(answer.structuredContent).toMatchObject({ results: [{ tn: '4355550105', status: 'available' }] })
  })

  test('a yes is a person’s, away from the agent, unless it is set otherwise; the journal knows the caller', async () => {
    const { url } = await serve()
    const client = await connect(url)
    const bought = { name: 'assignDID', arguments: { didParams: ['4355550105'], epg: 8674 } }
    expect((await client.callTool(bought)).structuredContent).toMatchObject({ status: 'waiting' })
    await client.callTool({ name: 'reserveDID', arguments: { didParams: ['4355550106'] } })
    const told = await client.callTool({ name: 'listOperations', arguments: {} })
    expect(told.structuredContent).toMatchObject({ operations: [{ tool: 'reserveDID', caller: 'anonymous' }] })
    const loose = await serve({ DID_MCP_CONFIRMATION: 'auto' })
    const other = await connect(loose.url)
    expect((await other.callTool(bought)).structuredContent).toMatchObject({ status: 'confirmation_required' })
  })

  test('progress comes as events before the answer, where a client takes them', async () => {
    const { url } = await serve()
    const call = {
      id: 7,
      method: 'tools/call',
      params: { name: 'queryDID', arguments: { did: ['4355550105', '4355550106'] }, _meta: { progressToken: 'p' } },
    }
    const streamed = await post(url, call)
    expect(streamed.headers['content-type']).toBe('text/event-stream')
    const events = streamed.text.split('\n\n').filter(Boolean)
    const messages = events.map((event) => JSON.parse(event.replace(/^event: message\ndata: /, '')))
    expect(messages.at(-1)).toMatchObject({ id: 7, result: { structuredContent: { results: [{}, {}] } } })
    expect(messages.slice(0, -1).length).toBeGreaterThan(0)
    for (const message of messages.slice(0, -1)) {
      expect(message).toMatchObject({ method: 'notifications/progress', params: { progressToken: 'p' } })
    }
    const whole = await post(url, call, { accept: 'application/json' })
    expect(whole.headers['content-type']).toBe('application/json')
    expect(JSON.parse(whole.text)).toMatchObject({ id: 7, result: {} })
  })

  test('closing the connection cancels; so does a notification of the same client, and of no other', async () => {
    const asked: (() => void)[] = []
    const gone: (() => void)[] = []
    await using carrier = await peer((response) => {
      response.on('close', () => gone.shift()?.())
      asked.shift()?.()
    })
    const { url } = await serve({ DID_MCP_LOGIN: 'me', DID_MCP_SECRET: 's', DID_MCP_ENDPOINT: carrier.endpoint })
    const next = (list: (() => void)[]) => new Promise<void>((resolve) => list.push(resolve))
    const call = { id: 1, method: 'tools/call', params: { name: 'queryDID', arguments: { did: '4355550105' } } }
    const cancelled = { method: 'notifications/cancelled', params: { requestId: 1 } }

    let [reached, left] = [next(asked), next(gone)]
    const body = JSON.stringify({ jsonrpc: '2.0', ...call })
    const closing = request(url, { method: 'POST', headers: json, agent: false }).on('error', () => undefined)
    closing.end(body)
    await reached
    closing.destroy()
    await left

    ;[reached, left] = [next(asked), next(gone)]
    let isGone = false
    void left.then(() => {
      isGone = true
    })
    const answer = post(url, call, { 'mcp-session-id': 'mine' })
    await reached
    for (const label of [{}, { 'mcp-session-id': 'another' }]) {
      expect((await post(url, cancelled, label as Record<string, string>)).status).toBe(202)
    }
    expect((await post(url, { id: 2, method: 'ping' })).status).toBe(200)
    expect(isGone).toBe(false)
    expect((await post(url, cancelled, { 'mcp-session-id': 'mine' })).status).toBe(202)
    await left
    expect((await answer).text).toBe('')
  })

  test('what is not for it is refused in JSON, and nothing tells how it is made', async () => {
    const { url } = await serve()
    const list = { id: 1, method: 'tools/list' }
    const port = Number(url.port)
    const refused: [Promise<Came>, number][] = [
      [ask(url, '/mcp'), 405],
      [ask(url, '/mcp', { method: 'DELETE' }), 405],
      [ask(url, '/elsewhere'), 404],
      [post(url, list, { host: 'evil.example' }), 403],
      [post(url, list, { host: `127.0.0.1.evil.example:${port}` }), 403],
      [post(url, list, { origin: 'https://evil.example' }), 403],
      [post(url, list, { origin: 'null' }), 403],
      [post(url, list, { 'content-type': 'text/plain' }), 415],
      [post(url, list, { 'content-encoding': 'gzip' }), 415],
      [post(url, list, { accept: 'text/html' }), 406],
      [post(url, list, { 'mcp-protocol-version': '1999-01-01' }), 400],
      [ask(url, '/mcp', { method: 'POST', headers: json, body: '{' }), 400],
      [ask(url, '/mcp', { method: 'POST', headers: json, body: '"text"' }), 400],
      [ask(url, '/mcp', { method: 'POST', headers: json, body: '[]' }), 400],
      [ask(url, '/mcp', { method: 'POST', headers: json, body: `"${'x'.repeat(2 ** 20)}"` }), 413],
    ]
    for (const [asked, status] of refused) {
      const came = await asked
      expect(came).toMatchObject({ status, headers: { 'content-type': 'application/json' } })
      expect(JSON.parse(came.text)).toMatchObject({ jsonrpc: '2.0', id: null, error: { message: expect.any(String) } })
      expect(came.text).not.toMatch(/\n +at |\.js|\.ts|node:/)
    }
    const own = await post(url, list, { origin: url.origin })
    expect(own.status).toBe(200)
  })

  test('alive and ready are told to anybody; at SIGTERM a call in flight is answered first', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    let reached = () => {}
    const arrived = new Promise<void>((resolve) => {
      reached = resolve
    })
    await using carrier = await peer(async (response) => {
      reached()
      await held
      response.writeHead(500).end()
    })
    const env = { DID_MCP_LOGIN: 'me', DID_MCP_SECRET: 's', DID_MCP_ENDPOINT: carrier.endpoint }
    const { program, url } = await serve(env)
    expect(await ask(url, '/healthz')).toMatchObject({ status: 200, text: '{"status":"alive"}' })
    expect(await ask(url, '/readyz')).toMatchObject({ status: 200, text: '{"status":"ready"}' })
    const call = { id: 1, method: 'tools/call', params: { name: 'queryDID', arguments: { did: '4355550105' } } }
    const answer = post(url, call)
    await arrived
    program.child.kill('SIGTERM')
    release()
    expect(JSON.parse((await answer).text)).toMatchObject({ id: 1 })
    expect(await program.ended).toBe(0)
    expect(program.stdout()).toBe(`${url}\n`)
  })

  test('without a login nobody but this machine reaches it', async () => {
    const open = start(['serve', '--host', '0.0.0.0', '--port', '0'], { DID_MCP_PUBLIC_URL: 'https://did.example.com' })
    expect(await open.ended).toBe(2)
    expect(open.stderr()).toMatch(/--host 0\.0\.0\.0[\s\S]*DID_MCP_PUBLIC_URL https:\/\/did\.example\.com/)
    expect(open.stdout()).toBe('')
  })

  test('a token may what its scopes say: what it may not is neither listed nor done', async () => {
    const tokens = join(temporaryFolder(), 'tokens.json')
    const entry = (token: string, name: string, scopes: string[]) => ({
      sha256: createHash('sha256').update(token).digest('hex'),
      name,
      scopes,
    })
    const list = [entry('reader', 'auditor', ['did:read']), entry('writer', 'buyer', ['did:read', 'did:write'])]
    writeFileSync(tokens, JSON.stringify(list), { mode: 0o600 })
    const { url } = await serve({ DID_MCP_TOKENS_FILE: tokens, DID_MCP_PUBLIC_URL: 'https://did.example.com' })
    const as = (token: string) => ({ authorization: `Bearer ${token}`, host: 'did.example.com' })
    const tools = async (token: string) => {
      const { text } = await post(url, { id: 1, method: 'tools/list' }, as(token))
      return (JSON.parse(text).result.tools as { name: string }[]).map(({ name }) => name)
    }
    expect(await tools('writer')).toContain('reserveDID')
    expect(await tools('reader')).not.toContain('reserveDID')
    expect(await tools('reader')).toContain('queryDID')
    const reserve = {
      id: 2,
      method: 'tools/call',
      params: { name: 'reserveDID', arguments: { didParams: ['4355550105'] } },
    }
    expect(await post(url, reserve, as('reader'))).toMatchObject({
      status: 403,
      headers: { 'www-authenticate': 'Bearer error="insufficient_scope", scope="did:read did:write"' },
    })
    expect((await post(url, reserve, as('writer'))).status).toBe(200)
    const told = await post(
      url,
      { id: 3, method: 'tools/call', params: { name: 'listOperations', arguments: {} } },
      as('reader'),
    )
    expect(told.text).toContain('"caller":"token:buyer"')
    for (const token of ['neither', 'reader2', createHash('sha256').update('reader').digest('hex')]) {
      expect(await post(url, reserve, as(token))).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': 'Bearer error="invalid_token", scope="did:read did:write"' },
      })
    }
    expect((await ask(url, '/healthz')).status).toBe(200)
    expect((await ask(url, '/mcp', { headers: { host: 'did.example.com' } })).status).toBe(401)
  })

  test('a client finds the issuer by the metadata, and its token names the caller', async () => {
    await using issuer = await startIssuer()
    const audience = 'https://did.example.com/mcp'
    const { url } = await serve({
      DID_MCP_OAUTH_ISSUER: issuer.issuer,
      DID_MCP_OAUTH_AUDIENCE: audience,
      DID_MCP_PUBLIC_URL: 'https://did.example.com',
    })
    const host = { host: 'did.example.com' }
    const at = 'https://did.example.com/.well-known/oauth-protected-resource/mcp'
    expect(await post(url, { id: 1, method: 'ping' }, host)).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': `Bearer resource_metadata="${at}", scope="did:read did:write"` },
    })
    for (const path of ['/.well-known/oauth-protected-resource/mcp', '/.well-known/oauth-protected-resource']) {
      expect(JSON.parse((await ask(url, path, { headers: host })).text)).toMatchObject({
        resource: audience,
        authorization_servers: [issuer.issuer],
        scopes_supported: ['did:read', 'did:write'],
      })
    }
    const authorization = `Bearer ${await issuer.token(audience)}`
    const call = (name: string, args: object) =>
      post(url, { id: 1, method: 'tools/call', params: { name, arguments: args } }, { ...host, authorization })
    await call('reserveDID', { didParams: ['4355550105'] })
    expect((await call('listOperations', {})).text).toContain(`"caller":"oauth:${issuer.issuer}#agent"`)
    const approver = `Bearer ${await issuer.token(audience, 'did:approve')}`
    expect((await post(url, { id: 1, method: 'ping' }, { ...host, authorization: approver })).status).toBe(403)
  })

  test('over stdio nothing of it is loaded', async () => {
    /** The chunks of the program that a run loaded, as text. */
    const loadedBy = async (args: string[], use: (program: Program) => Promise<void>) => {
      const folder = temporaryFolder()
      const program = start(args, { NODE_V8_COVERAGE: folder })
      await use(program)
      expect(await program.ended).toBe(0)
      const reports = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
      const urls: string[] = reports.flatMap(({ result }) => result.map(({ url }: { url: string }) => url))
      return urls
        .filter((url) => url.includes('/dist/'))
        .map((url) => readFileSync(new URL(url), 'utf8'))
        .join('\n')
    }
    const marks = ['oauth-protected-resource', 'insufficient_scope', 'checkExpectation']
    const served = await loadedBy(['serve', '--port', '0'], async ({ child }) => {
      await once(child.stdout as NodeJS.ReadableStream, 'data')
      child.kill('SIGTERM')
    })
    expect(marks.filter((mark) => served.includes(mark))).toEqual(marks)
    const overStdio = await loadedBy([], async (program) => {
      await initialize(program)
      program.say({
        id: 1,
        method: 'tools/call',
        params: { name: 'reserveDID', arguments: { didParams: ['4355550105'] } },
      })
      await program.hear(1)
      program.child.stdin?.end()
    })
    expect(overStdio).toContain('reserveDID')
    expect(marks.filter((mark) => overStdio.includes(mark))).toEqual([])
  })
})
