import { cleanText } from './cleaning.ts'
import type { FaceOptions, RequestContext } from './context.ts'
import { environmentMeta } from './environment.ts'
import { deniedNow, deniedTool } from './in-force.ts'
import { progressFor } from './progress.ts'
import { noSuchResource } from './request-errors.ts'
import { type Resource, resources } from './resources.ts'

/** The single resources, and the first of many where there always is one. */
export function listResources(options: FaceOptions) {
  const listed = offeredResources(options).flatMap((resource) => {
    const uri = resource.variables === undefined ? resource.uri : resource.first
    return uri === undefined ? [] : [{ uri, ...words(resource) }]
  })
  return { resources: listed, _meta: environmentMeta(options.environment) }
}

export function listTemplates(options: FaceOptions) {
  const listed = offeredResources(options).filter(({ variables }) => variables !== undefined)
  const resourceTemplates = listed.map((resource) => ({ uriTemplate: resource.uri, ...words(resource) }))
  return { resourceTemplates, _meta: environmentMeta(options.environment) }
}

export async function readResource(uri: string, options: FaceOptions, context: RequestContext) {
  const { environment, tools, policy, sources } = options
  const { resource, variables } = resourceAt(uri, options)
  const progress = progressFor(context)
  try {
    const reading = { ...sources, signal: context.signal, progress: progress.report, uri, tools, policy }
    const _meta = environmentMeta(environment)
    if (resource.mimeType === 'text/csv') {
      const { text, page } = await resource.read(variables, reading)
      const itsMeta = { ..._meta, 'did-mcp/page': page }
      return { contents: [{ uri, mimeType: resource.mimeType, text, _meta: itsMeta }], _meta }
    }
    const answer = await resource.read(variables, reading)
    const text = JSON.stringify({ environment, ...(resource.ours ? answer : cleanText(answer)) })
    return { contents: [{ uri, mimeType: resource.mimeType, text, _meta }], _meta }
  } finally {
    progress.end()
  }
}

/** The resources that the policy does not deny. */
export function offeredResources(options: FaceOptions): readonly Resource[] {
  return resources.filter(({ shows }) => shows === undefined || deniedNow(shows, options) === undefined)
}

/** Finds the resource that a URI names, and which of many. */
function resourceAt(uri: string, options: FaceOptions) {
  for (const resource of resources) {
    const variables = matchUri(resource.uri, uri)
    if (variables === undefined) continue
    const denied = resource.shows && deniedNow(resource.shows, options)
    if (denied) throw deniedTool(denied)
    return { resource, variables }
  }
  const known = offeredResources(options).map(({ uri }) => uri)
  throw noSuchResource(uri, '', `There are: ${known.join(', ')}.`)
}

const words = ({ name, title, description, mimeType }: Resource) => ({
  name,
  title,
  description,
  mimeType,
})

/** The variables of a template, decoded, or undefined where the URI is no instance of it. */
function matchUri(template: string, uri: string): Readonly<Record<string, string>> | undefined {
  if (uri.length > longestUri) return undefined
  const pattern = template.replaceAll('.', '\\.').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')
  const match = new RegExp(`^${pattern}$`).exec(uri)
  if (match === null) return undefined
  try {
    return Object.fromEntries(
      Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
    )
  } catch {
    return undefined
  }
}

/** Far above any URI of ours. */
const longestUri = 300
