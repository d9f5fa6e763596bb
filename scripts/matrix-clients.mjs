// The clients and converters of the matrix in docs/clients.md, and how each is driven without a model.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** What stands over each column, by the name of what is tried. */
export const columns = {
  list: 'tools and write lists kept',
  null: '`null` for left out',
  key: 'a key of the client’s own',
  single: 'one number for a list',
  text: 'a list as JSON text',
  punctuated: '`435-555-0105`',
  frames: 'odd frames',
  form: 'a form declined at once',
  placeholder: 'an unreplaced variable as login',
}

/** The calls that are tried, by column. */
export const calls = {
  null: ['getDIDs', { state: 'UT', npa: null, cursor: '', limit: 1 }],
  key: ['queryDID', { did: ['4355550105'], wait_for_previous: true }],
  single: ['queryDID', { did: '4355550105' }],
  text: ['queryDID', { did: '["4355550105"]' }],
  punctuated: ['queryDID', { did: ['435-555-0105'] }],
}

/** What a client wrote that no library writes: each must be answered with its id. */
const oddFrames = [
  { jsonrpc: '2.0', id: 1, method: 'tools/list', params: null },
  { id: 2, method: 'tools/list' },
  { jsonrpc: '2.0', id: 3, method: 'tools/list', params: { _meta: { progressToken: null } } },
  { jsonrpc: '2.0', id: 4, method: 'tools/call', params: { name: 'listOperations', arguments: null } },
  { jsonrpc: '2.0', id: 5, method: 'tools/list', params: { cursor: 'nonsense' } },
  {
    jsonrpc: '2.0',
    id: 6,
    method: 'completion/complete',
    params: { ref: { type: 'no' }, argument: { name: 'a', value: '' } },
  },
  { jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'listOperations', arguments: {}, task: { ttl: 1 } } },
]

const self = { name: 'did-mcp-matrix', version: '0' }
const failed = (answer) => answer.isError === true
const words = (answer) => answer.content?.map(({ text }) => text).join(' ') ?? JSON.stringify(answer)

/** An answer as every driver gives it: whether it was refused, and the words. */
const told = (answer) => ({ refused: failed(answer), words: words(answer), data: answer.structuredContent })

async function sdkClient({ client, stdio }, server, onForm) {
  const one = new client.Client(self, { capabilities: onForm ? { elicitation: {} } : {} })
  return { one, transport: new stdio.StdioClientTransport({ ...server, stderr: 'ignore' }) }
}

/**
 * Each row: what npm installs, the modules that are loaded, and `open`, which starts the server through the client and
 * answers with what it can do: `list` (tools as it hands them to a model), `call`, `form`, `close`.
 */
export const clients = [
  {
    name: 'frames written by the script',
    packages: [],
    modules: {},
    async open(_, server) {
      const child = spawn(server.command, server.args, { env: server.env, stdio: ['pipe', 'pipe', 'ignore'] })
      const waiting = new Map()
      createInterface({ input: child.stdout }).on('line', (line) => {
        const message = JSON.parse(line)
        waiting.get(message.id)?.(message)
      })
      const ended = new Promise((resolve) => child.once('exit', resolve))
      const ask = (frame) =>
        Promise.race([
          new Promise((resolve) => {
            waiting.set(frame.id, resolve)
            child.stdin.write(`${JSON.stringify(frame)}\n`)
          }),
          ended.then(() => Promise.reject(new Error('the server ended'))),
        ])
      child.stdin.on('error', () => {})
      const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: self }
      await ask({ jsonrpc: '2.0', id: 'begin', method: 'initialize', params })
      child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
      return {
        list: async () => (await ask({ jsonrpc: '2.0', id: 'list', method: 'tools/list' })).result.tools,
        async call(name, args) {
          const frame = {
            jsonrpc: '2.0',
            id: `call ${JSON.stringify(args)}`,
            method: 'tools/call',
            params: { name, arguments: args },
          }
          const { result, error } = await ask(frame)
          return error ? { refused: true, words: error.message } : told(result)
        },
        async frames() {
          const answers = await Promise.all(oddFrames.map(ask))
          return `${answers.filter(({ result, error }) => result ?? error).length} of ${oddFrames.length} answered`
        },
        close: () => child.kill(),
      }
    },
  },
  ...[
    ['SDK v1', '@modelcontextprotocol/sdk@1.32.2', 'client/index.js', 'client/stdio.js'],
    ['SDK v2', '@modelcontextprotocol/client@2.4.0', '', 'stdio'],
  ].map(([name, pkg, main, stdio]) => {
    const plain = pkg.replace(/@[^@]*$/, '')
    const path = (part) => (part === '' ? plain : `${plain}/${part}`)
    return {
      name,
      packages: [pkg],
      modules: { client: path(main), stdio: path(stdio) },
      async open(modules, server) {
        const declining =
          name === 'SDK v1'
            ? (await import('@modelcontextprotocol/sdk/types.js')).ElicitRequestSchema
            : 'elicitation/create'
        const { one, transport } = await sdkClient(modules, server, true)
        one.setRequestHandler(declining, () => ({ action: 'decline' }))
        await one.connect(transport)
        return {
          list: async () => (await one.listTools()).tools,
          call: async (name, args) => told(await one.callTool({ name, arguments: args })),
          form: async () =>
            told(await one.callTool({ name: 'releaseDID', arguments: { didParams: [{ tn: '2125550150' }] } })),
          close: () => one.close(),
        }
      },
    }
  }),
  {
    name: 'AI SDK',
    packages: ['@ai-sdk/mcp@2.0.99'],
    modules: { mcp: '@ai-sdk/mcp', stdio: '@ai-sdk/mcp/mcp-stdio' },
    async open({ mcp, stdio }, server) {
      const transport = new stdio.Experimental_StdioMCPTransport({ ...server, stderr: 'ignore' })
      const one = await (mcp.createMCPClient ?? mcp.experimental_createMCPClient)({ transport })
      const tools = await one.tools()
      return {
        list: async () =>
          Promise.all(
            Object.entries(tools).map(async ([name, tool]) => ({
              name,
              inputSchema: await tool.inputSchema.jsonSchema,
            })),
          ),
        call: async (name, args) => told(await tools[name].execute(args, { messages: [], toolCallId: 'one' })),
        close: () => one.close(),
      }
    },
  },
  {
    name: 'LangChain adapters',
    packages: ['@langchain/mcp-adapters@1.1.4', '@langchain/core@1.4.0'],
    modules: { adapters: '@langchain/mcp-adapters' },
    async open({ adapters }, server) {
      const one = new adapters.MultiServerMCPClient({
        mcpServers: { did: { transport: 'stdio', ...server, stderr: 'ignore' } },
      })
      const tools = await one.getTools()
      return {
        list: async () => tools.map(({ name, schema }) => ({ name, inputSchema: schema })),
        async call(name, args) {
          const answer = await tools.find((tool) => tool.name === name).invoke(args)
          return { refused: false, words: String(answer) }
        },
        close: () => one.close(),
      }
    },
  },
  {
    name: 'OpenAI Agents, strict schemas',
    packages: ['@openai/agents@0.20.0', 'zod@4'],
    modules: { agents: '@openai/agents' },
    async open({ agents }, server) {
      const one = new agents.MCPServerStdio({ command: server.command, args: server.args, env: server.env })
      await one.connect()
      return {
        list: async () =>
          (await one.listTools()).map((tool) => ({
            name: tool.name,
            inputSchema: agents.mcpToFunctionTool(tool, one, true).parameters,
          })),
        async call(name, args) {
          const tool = (await one.listTools()).find((tool) => tool.name === name)
          const answer = await agents
            .mcpToFunctionTool(tool, one, true)
            .invoke(new agents.RunContext(), JSON.stringify(args))
          const text = JSON.stringify(answer)
          return { refused: /INVALID_INPUT|InvalidToolInput|error/i.test(text.slice(0, 400)), words: text }
        },
        close: () => one.close(),
      }
    },
  },
  {
    name: 'Google Gen AI converter',
    packages: ['@google/genai@3.3.0', '@modelcontextprotocol/sdk@1.32.2'],
    modules: {
      genai: '@google/genai',
      client: '@modelcontextprotocol/sdk/client/index.js',
      stdio: '@modelcontextprotocol/sdk/client/stdio.js',
    },
    async open({ genai, ...modules }, server) {
      const { one, transport } = await sdkClient(modules, server, false)
      await one.connect(transport)
      const tool = genai.mcpToTool(one)
      const { functionDeclarations } = await tool.tool()
      return {
        list: async () =>
          functionDeclarations.map(({ name, parametersJsonSchema }) => ({ name, inputSchema: parametersJsonSchema })),
        async call(name, args) {
          const [part] = await tool.callTool([{ name, args }])
          return told(part.functionResponse.response.error ?? part.functionResponse.response)
        },
        close: () => one.close(),
      }
    },
  },
  {
    name: 'zod-from-json-schema',
    packages: ['zod-from-json-schema@0.5.6', 'zod@4', '@modelcontextprotocol/sdk@1.32.2'],
    modules: {
      convert: 'zod-from-json-schema',
      zod: 'zod',
      client: '@modelcontextprotocol/sdk/client/index.js',
      stdio: '@modelcontextprotocol/sdk/client/stdio.js',
    },
    async open({ convert, zod, ...modules }, server) {
      const { one, transport } = await sdkClient(modules, server, false)
      await one.connect(transport)
      const { tools } = await one.listTools()
      const schemas = new Map(tools.map(({ name, inputSchema }) => [name, convert.convertJsonSchemaToZod(inputSchema)]))
      return {
        list: async () =>
          tools.map(({ name }) => ({ name, inputSchema: zod.toJSONSchema(schemas.get(name), { io: 'input' }) })),
        async call(name, args) {
          const { success } = schemas.get(name).safeParse(args)
          if (!success) return { refused: true, words: 'the converter', before: true }
          return told(await one.callTool({ name, arguments: args }))
        },
        close: () => one.close(),
      }
    },
  },
]

/** Clients that nobody drove here, and why. */
export const notRun = {
  'Claude Code, Codex, Gemini CLI, opencode': 'need a model to make a call',
  'mcporter 0.12.3, inspector 2.12.0':
    'want a later Node than the oldest that did-mcp admits; see below for what was tried by hand',
  '@wong2/mcp-cli, fastmcp': 'no driver is written for them',
}
