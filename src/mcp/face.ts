import * as z from 'zod'
import { quote } from '../domain/untrusted.ts'
import { Refusal } from '../operations/refusal.ts'
import { callTool } from './call.ts'
import type { FaceOptions, RequestContext } from './context.ts'
import { serverTitle } from './environment.ts'
import { policyFor } from './in-force.ts'
import { parseInput } from './input.ts'
import { instructions } from './instructions.ts'
import { errorCodes } from './json-rpc.ts'
import { inOurWords, RequestError } from './request-errors.ts'
import { toolList } from './tool-list.ts'

/**
 * The Model Context Protocol but for its wire: what this server is, and an answer to each method. It knows no SDK and no
 * revision of the protocol; a file beside this one for each era puts it on a connection.
 */
export interface Face {
  readonly info: { name: string; title: string; version: string }
  /** Nothing here announces changes or is subscribed to: whoever wants the present state reads it. */
  readonly capabilities: { tools: object; resources: object; prompts: object; completions: object }
  /** How the tools fit together and what the policy allows, for a model, as things stand now. */
  instructions(): string
  /**
   * One request, answered.
   *
   * @param params as they came; nothing in them was looked at
   * @throws RequestError alone: a code and data for a program, and our words for a person
   */
  answer(method: string, params: unknown, context: RequestContext): Promise<object>
}

export function createFace(options: FaceOptions): Face {
  const { environment, version } = options
  return {
    info: { name: 'did-mcp', title: serverTitle(environment), version },
    capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} },
    instructions: () => instructions(options),
    answer: (method, params, context) =>
      inOurWords(method, options, async () => {
        const answer = Object.hasOwn(methods, method) ? methods[method] : undefined
        if (answer === undefined) throw noSuchMethod(method)
        return answer(params ?? {}, options, context)
      }),
  }
}

type Method = (params: unknown, options: FaceOptions, context: RequestContext) => Promise<object>

/** Whoever answers for resources, prompts and completion is loaded on first need: tools/list, which every client waits for, comes first. */
const methods: Readonly<Record<string, Method>> = {
  'tools/list': list('tools/list', async (options) => ({
    tools: toolList(options.tools, policyFor('read', options.policy)),
  })),

  async 'tools/call'(params, options, context) {
    const { name, arguments: args } = read('tools/call', params, {
      name: z.string(),
      arguments: z.unknown().optional(),
    })
    return callTool(options, { name, arguments: objectIn('tools/call', args) }, context)
  },

  'resources/list': list('resources/list', async (options) =>
    (await import('./resource-requests.ts')).listResources(options),
  ),

  'resources/templates/list': list('resources/templates/list', async (options) =>
    (await import('./resource-requests.ts')).listTemplates(options),
  ),

  async 'resources/read'(params, options, context) {
    const { uri } = read('resources/read', params, { uri: z.string() })
    return (await import('./resource-requests.ts')).readResource(uri, options, context)
  },

  'prompts/list': list('prompts/list', async (options) => (await import('./prompt-requests.ts')).listPrompts(options)),

  async 'prompts/get'(params, options) {
    const { name, arguments: args } = read('prompts/get', params, {
      name: z.string(),
      arguments: z.unknown().optional(),
    })
    return (await import('./prompt-requests.ts')).getPrompt(name, objectIn('prompts/get', args), options)
  },

  async 'completion/complete'(params, options) {
    const { ref, argument, context } = read('completion/complete', params, {
      ref: z.looseObject({ type: z.enum(['ref/prompt', 'ref/resource']) }),
      argument: z.looseObject({ name: z.string(), value: z.string() }),
      context: z.unknown().optional(),
    })
    const { arguments: others } = objectIn('completion/complete', context)
    const given = objectIn('completion/complete', others)
    const { complete } = await import('./completion.ts')
    const { [ref.type === 'ref/prompt' ? 'name' : 'uri']: named } = ref
    if (typeof named !== 'string') throw wrongReference(ref.type)
    return complete({ type: ref.type, named }, argument, given, options)
  },
}

/** A list is one page, and whoever asks for another one is told so. */
function list(method: string, answer: (options: FaceOptions) => Promise<object>): Method {
  return async (params, options) => {
    const { cursor } = read(method, params, { cursor: z.unknown().optional() })
    if (cursor !== undefined && cursor !== null && cursor !== '') {
      throw new Refusal('INVALID_INPUT', 'This cursor was not given by this server: its lists are one page each.', {
        next: 'Ask again without a cursor.',
      })
    }
    return answer(options)
  }
}

/** The params that a method knows; others are for revisions that this one does not know. */
function read<Shape extends z.ZodRawShape>(method: string, params: unknown, shape: Shape) {
  return parseInput({ name: method, input: z.looseObject(shape) }, params)
}

/** The object that a parameter holds: absent and null are none, and one that came as JSON text is that object. */
function objectIn(method: string, value: unknown): Record<string, unknown> {
  if (value === undefined || value === null || value === '') return {}
  const meant = typeof value === 'string' ? parsed(value) : value
  if (typeof meant === 'object' && meant !== null && !Array.isArray(meant)) return meant as Record<string, unknown>
  throw new Refusal('INVALID_INPUT', `${method}: arguments: expected an object.`, {
    next: 'Send {"name": value, …}, or leave arguments out.',
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function wrongReference(type: string): Refusal {
  const expected = type === 'ref/prompt' ? 'name, a prompt of prompts/list' : 'uri, of resources/templates/list'
  return new Refusal('INVALID_INPUT', `completion/complete: a ref of type ${type} needs ${expected}.`, {
    next: 'Correct the ref and ask again.',
  })
}

function noSuchMethod(method: string): RequestError {
  const known = Object.keys(methods).join(', ')
  return new RequestError(errorCodes.methodNotFound, `There is no method ${quote(method, 60)}.`, `There are: ${known}.`)
}
