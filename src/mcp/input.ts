import type * as z from 'zod'
import { visible } from '../domain/untrusted.ts'
import { Refusal } from '../operations/refusal.ts'
import { wholeSentence } from '../tools/issue.ts'
import { asMeant } from './as-meant.ts'

/**
 * The arguments after the tool's schema, read as they were meant; or a Refusal INVALID_INPUT in our own words: which field,
 * what was expected, what came, and whether it may be left out.
 */
export function parseInput<Input extends z.ZodObject>(
  tool: { name: string; input: Input },
  given: unknown,
): z.output<Input> {
  const args = asMeant(tool.input, given)
  const parsed = parse(tool.input, args)
  if (parsed?.success) return parsed.data
  const problems = parsed
    ? parsed.error.issues.flatMap((issue) => explain(issue, args, tool.input))
    : unreadable(tool.input, args)
  const shown = firstOf(problems, mostNamed)
  const rest = problems.length - shown.length
  throw new Refusal('INVALID_INPUT', `${tool.name}: ${shown.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}.`, {
    next: 'Correct the arguments and call again.',
    details: { problems: shown },
  })
}

/** The first sentences, as many as come to at most so many characters; one at least. */
function firstOf(sentences: string[], characters: number): string[] {
  let sum = 0
  const end = sentences.findIndex((sentence, index) => {
    sum += sentence.length
    return index > 0 && sum > characters
  })
  return end === -1 ? sentences : sentences.slice(0, end)
}

/** Parses arguments; undefined where zod throws: it weighs whatever has a `length` before it looks whether that is a text. */
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

/** The arguments that zod throws over. */
function unreadable(schema: z.ZodObject, args: unknown): string[] {
  const names = Object.keys(schema.shape).filter(
    (name) => parse(schema.shape[name] as z.ZodType, valueAt(args, [name])) === undefined,
  )
  if (names.length === 0) return ['the arguments cannot be read']
  return names.map((name) => {
    const optional = mayBeLeftOut(schema, [name]) ? ' (it may be left out)' : ''
    return `${name} cannot be read: an object stands where a text or a list is expected${optional}`
  })
}

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

/** Characters: enough to name each argument that is wrong. */
const mostNamed = 1_200
const mostShown = 40

function explain(issue: Issue, args: unknown, schema: z.ZodObject): string[] {
  const { path } = issue
  const field = path.length === 0 ? 'the arguments' : fieldName(path)
  const came = valueAt(args, path)
  const optional = mayBeLeftOut(schema, path) ? ' (it may be left out)' : ''
  const expected = (what: string) => [`${field}: expected ${what}, got ${quote(came)}${optional}`]
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
    case 'custom':
      if (issue.params !== wholeSentence) return expected(issue.message)
      return [path.length === 0 ? issue.message : `${field}: ${issue.message}${optional}`]
    default:
      return [`${field} is not as expected`]
  }
}

const isOfType = <One extends { code?: string | undefined }>(
  issue: One,
): issue is One & { code: 'invalid_type'; expected: string; message: string } => issue.code === 'invalid_type'

/** The keys that are known at this place of the arguments. */
function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  const { def } = (schemaAt(schema, path) as z.core.$ZodTypes | undefined)?._zod ?? {}
  if (def?.type === 'optional') return keysAt(def.innerType, [])
  return def?.type === 'object' ? Object.keys(def.shape) : []
}

/** Whether what stands at this place is an argument, or a field of one, that a call need not have. */
function mayBeLeftOut(schema: z.core.$ZodType, path: Path): boolean {
  return (schemaAt(schema, path) as z.core.$ZodTypes | undefined)?._zod.def.type === 'optional'
}

function schemaAt(schema: z.core.$ZodType, path: Path): z.core.$ZodType | undefined {
  const [key, ...rest] = path
  if (key === undefined) return schema
  const { def } = (schema as z.core.$ZodTypes)._zod
  if (def.type === 'optional') return schemaAt(def.innerType, path)
  if (def.type === 'array') return schemaAt(def.element, rest)
  const inner = def.type === 'object' && Object.hasOwn(def.shape, key) ? def.shape[String(key)] : undefined
  return inner && schemaAt(inner, rest)
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
