import type { Server } from '@modelcontextprotocol/sdk/server/index.js'
import {
  CompleteRequestSchema,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'
import type { McpServerOptions } from './context.ts'
import { inOurWords } from './request-errors.ts'

/**
 * Answers what is asked of resources, prompts and completion. Whoever answers is loaded on first need: tools/list, which
 * every client waits for, comes first.
 */
export function answerRequests(server: Server, options: McpServerOptions): void {
  const resources = () => import('./resource-requests.ts')
  const prompts = () => import('./prompt-requests.ts')
  const completion = () => import('./completion.ts')
  server.setRequestHandler(ListResourcesRequestSchema, () =>
    inOurWords('resources/list', options, async () => (await resources()).listResources(options)),
  )
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () =>
    inOurWords('resources/templates/list', options, async () => (await resources()).listTemplates(options)),
  )
  server.setRequestHandler(ReadResourceRequestSchema, ({ params }, context) =>
    inOurWords('resources/read', options, async () => (await resources()).readResource(params.uri, options, context)),
  )
  server.setRequestHandler(ListPromptsRequestSchema, () =>
    inOurWords('prompts/list', options, async () => (await prompts()).listPrompts(options)),
  )
  server.setRequestHandler(GetPromptRequestSchema, ({ params }) =>
    inOurWords('prompts/get', options, async () => (await prompts()).getPrompt(params, options)),
  )
  server.setRequestHandler(CompleteRequestSchema, ({ params }) =>
    inOurWords('completion/complete', options, async () => (await completion()).complete(params, options)),
  )
}
