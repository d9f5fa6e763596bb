import type * as z from 'zod'
import { visible } from '../domain/untrusted.ts'
import { Refusal } from '../operations/refusal.ts'
import { wholeSentence } from '../tools/issue.ts'

/** The arguments after the tool's schema, or a Refusal INVALID_INPUT in our own words: which field, what was expected, what came. */
export function parseInput<Input extends z.ZodObject>(
  tool: { name: string; input: Input },
  args: unknown,
): z.output<Input> {
  const parsed = parse(tool.input, args)
  if (parsed?.success) return parsed.data
  const problems = parsed
    ? parsed.error.issues.flatMap((issue) => explain(issue, [], args, tool.input))
    : unreadable(tool.input, args)
  const shown = problems.slice(0, mostProblems)
  const rest = problems.length - shown.length
  throw new Refusal('INVALID_INPUT', `${tool.name}: ${shown.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}.`, {
    next: 'Correct the arguments and call again.',
    details: { problems: shown },
  })
}

/** Undefined where zod throws: it weighs whatever has a `length` before it looks whether that is a text. */
function parse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.ZodSafeParseResult<z.output<Schema>> | undefined {
  try {
    return schema.safeParse(value, { error: (issue) => (isOfType(issue) ? article(issue.expected) : undefined) })
  } catch {
    return undefined
  }
}

/** Which of the arguments zod throws over. */
function unreadable({ shape }: z.ZodObject, args: unknown): string[] {
  const names = Object.keys(shape).filter(
    (name) => parse(shape[name] as z.ZodType, valueAt(args, [name])) === undefined,
  )
  if (names.length === 0) return ['the arguments cannot be read']
  return names.map((name) => `${name} cannot be read: an object stands where a text or a list is expected`)
}

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

const mostProblems = 5
const mostShown = 40

function explain(issue: Issue, parent: Path, args: unknown, schema: z.ZodObject): string[] {
  const path = [...parent, ...issue.path]
  const field = path.length === 0 ? 'the arguments' : fieldName(path)
  const came = valueAt(args, path)
  const expected = (what: string) => [`${field}: expected ${what}, got ${quote(came)}`]
  switch (issue.code) {
    case 'invalid_type':
      return came === undefined && path.length > 0
        ? [`${field} is missing: ${issue.message} is needed`]
        : expected(issue.message)
    case 'unrecognized_keys': {
      const known = keysAt(schema, path).join(', ')
      return issue.keys.map((key) => `${fieldName([...path, visible(key, mostShown)])} is not known (known: ${known})`)
    }
    case 'too_small':
      return expected(size('at least', issue.origin, Number(issue.minimum)))
    case 'too_big':
      return expected(size('at most', issue.origin, Number(issue.maximum)))
    case 'invalid_value':
      return expected(`one of ${issue.values.map(String).join(', ')}`)
    case 'invalid_format':
      return expected(issue.message)
    case 'invalid_union':
      return explainUnion(issue.errors, path, args, schema)
    case 'custom':
      if (issue.params !== wholeSentence) return expected(issue.message)
      return [path.length === 0 ? issue.message : `${field}: ${issue.message}`]
    default:
      return [`${field} is not as expected`]
  }
}

/** The branch that the value was meant for: the one whose own type fits, so that it complains of something inside. */
function explainUnion(
  branches: readonly (readonly Issue[])[],
  path: Path,
  args: unknown,
  schema: z.ZodObject,
): string[] {
  const meant = branches.find(
    (issues) => !issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0),
  )
  if (meant) return meant.flatMap((issue) => explain(issue, path, args, schema))
  const types = [...new Set(branches.flatMap((issues) => issues.filter(isOfType).map((issue) => issue.message)))]
  const needed = types.join(' or ')
  const came = valueAt(args, path)
  if (came === undefined) return [`${fieldName(path)} is missing: ${needed} is needed`]
  return [`${fieldName(path)}: expected ${needed}, got ${quote(came)}`]
}

const isOfType = <One extends { code?: string | undefined }>(
  issue: One,
): issue is One & { code: 'invalid_type'; expected: string; message: string } => issue.code === 'invalid_type'

/** The keys that are known at this place of the arguments. */
function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'optional':
      return keysAt(def.innerType, path)
    case 'union':
      return def.options.flatMap((option) => keysAt(option, path))
    case 'array':
      return keysAt(def.element, path.slice(1))
    case 'object': {
      const [key, ...rest] = path
      if (key === undefined) return Object.keys(def.shape)
      const inner = def.shape[String(key)]
      return inner === undefined ? [] : keysAt(inner, rest)
    }
    default:
      return []
  }
}

const articles: Readonly<Record<string, string>> = {
  string: 'a string',
  // No argument of ours is anything but whole; zod says `int` only of a number that is not.
  number: 'a whole number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
}

const article = (type: string): string => articles[type] ?? type

function size(bound: string, origin: string, limit: number): string {
  if (origin === 'string') return `${bound} ${limit} ${limit === 1 ? 'character' : 'characters'}`
  if (origin === 'array') return `${bound} ${limit} ${limit === 1 ? 'item' : 'items'}`
  return `${bound} ${limit}`
}

/** `didParams[3].tn` */
function fieldName(path: Path): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
    .join('')
}

function valueAt(args: unknown, path: Path): unknown {
  let value = args
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<PropertyKey, unknown>)[key]
  }
  return value
}

/** What came, recognisably and no longer than it must be. */
function quote(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  if (typeof value !== 'string') return String(value)
  return value.length > 1000 ? `a string of ${value.length} characters` : `"${visible(value, mostShown)}"`
}
