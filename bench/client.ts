import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * The client's end of stdio, as thin as it can be: what is measured is the server, and every client brings another
 * library.
 */
export interface Client {
  request(method: string, params?: object): Promise<Record<string, unknown>>
  call(tool: string, args: object): Promise<ToolAnswer>
  /** How long forms were before the person until now, milliseconds: none of the server's time. */
  personMs(): number
  end(): void
}

interface ToolAnswer {
  structured: Record<string, unknown>
  text: string
}

/** A person who types as fast as is believed of one: an answer within a second is taken for the client's own. */
const typingMs = 1050

/** Says `initialize` and hears the answer. With `confirms` it declares elicitation and a person types that into every form. */
export async function connect({ stdin, stdout }: ChildProcess, confirms?: string): Promise<Client> {
  const waiting = new Map<number, (message: Message) => void>()
  let last = 0
  let rest = ''
  let personMs = 0
  const say = (message: object) => stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const hear = (message: Message) => {
    if (message.method === 'elicitation/create') {
      const fields = Object.keys(message.params?.requestedSchema?.properties ?? {})
      const content = Object.fromEntries(fields.map((name) => [name, confirms]))
      const from = performance.now()
      void sleep(typingMs).then(() => {
        say({ id: message.id, result: { action: 'accept', content } })
        personMs += performance.now() - from
      })
    } else if (message.method === undefined) waiting.get(message.id)?.(message)
  }
  stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) hear(JSON.parse(line) as Message)
  })

  const request: Client['request'] = (method, params = {}) =>
    new Promise((resolve, reject) => {
      const id = ++last
      waiting.set(id, ({ result, error }) => {
        waiting.delete(id)
        if (result) resolve(result)
        else reject(new Error(`${method}: ${error?.message}`))
      })
      say({ id, method, params })
    })

  const clientInfo = { name: 'did-mcp-bench', version: '0.0.0' }
  const capabilities = confirms === undefined ? {} : { elicitation: {} }
  await request('initialize', { protocolVersion: '2025-11-25', capabilities, clientInfo })
  say({ method: 'notifications/initialized' })
  return {
    request,
    async call(tool, args) {
      const { structuredContent, content } = await request('tools/call', { name: tool, arguments: args })
      const text = (content as { text: string }[]).map((part) => part.text).join('\n')
      if (structuredContent === undefined) throw new Error(`${tool} failed: ${text}`)
      return { structured: structuredContent as ToolAnswer['structured'], text }
    },
    personMs: () => personMs,
    end: () => stdin?.end(),
  }
}

interface Message {
  id: number
  method?: string
  params?: { requestedSchema?: { properties?: object } }
  result?: Record<string, unknown>
  error?: { message: string }
}
