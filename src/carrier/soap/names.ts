import { namespace } from './wsdl.ts'

/** The namespace bindings in force at one place of a document, and the names resolved there so far. */
export interface Scope {
  readonly outer: Scope | undefined
  readonly bindings: Map<string, string>
  readonly names: Map<string, string>
}

export interface Attribute {
  name: string
  value: string
}

export function outermost(): Scope {
  return { outer: undefined, bindings: new Map(), names: new Map() }
}

/** The scope inside an element with these attributes: the same one, unless they bind a prefix anew. */
export function inside(scope: Scope, attributes: readonly Attribute[]): Scope {
  let own: Scope | undefined
  for (const { name, value } of attributes) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue
    const prefix = name === 'xmlns' ? '' : name.slice(6)
    if (uriOf(own ?? scope, prefix) === value) continue
    own ??= { outer: scope, bindings: new Map(), names: new Map() }
    own.bindings.set(prefix, value)
  }
  return own ?? scope
}

/**
 * An element's name as the grammar of answers writes it: `tn` for the service's namespace, `soap:Body` for SOAP's
 * (1.1 or 1.2), `:faultstring` for none. An element of any other namespace is `?`, which no grammar knows.
 */
export function resolve(scope: Scope, qualified: string): string {
  const known = scope.names.get(qualified)
  if (known !== undefined) return known
  const colon = qualified.indexOf(':')
  const local = qualified.slice(colon + 1)
  const uri = uriOf(scope, colon < 0 ? '' : qualified.slice(0, colon)) ?? ''
  const name = uri === namespace ? local : soap.has(uri) ? `soap:${local}` : uri === '' && colon < 0 ? `:${local}` : '?'
  if (scope.names.size < 1000) scope.names.set(qualified, name)
  return name
}

/** `xsi:nil="true"`. Some services write it without ever declaring the prefix. */
export function isNil(scope: Scope, attributes: readonly Attribute[]): boolean {
  return attributes.some(({ name, value }) => {
    if (!name.endsWith(':nil') || (value !== 'true' && value !== '1')) return false
    const prefix = name.slice(0, -4)
    return (uriOf(scope, prefix) ?? (prefix === 'xsi' ? instance : undefined)) === instance
  })
}

const soap = new Set(['http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope'])
const instance = 'http://www.w3.org/2001/XMLSchema-instance'

function uriOf(scope: Scope, prefix: string): string | undefined {
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    const uri = at.bindings.get(prefix)
    if (uri !== undefined) return uri
  }
  return undefined
}
