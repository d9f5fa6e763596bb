import type * as z from 'zod'
import { clientKeys } from './client-keys.ts'

/**
 * Arguments as their sender meant them, where their form can mean one thing only; the schema then judges what they say.
 * Clients write what a schema asks for in forms of their own (docs/clients.md): `null` or `""` for what is left out, one
 * item for a list of one, a list or an object as JSON text, digits as a number and a number as digits, a number where an
 * object that names it is asked for, keys of their own. What is in no such form comes back as it was.
 */
export function asMeant(schema: z.ZodObject, args: unknown): unknown {
  const given = args === undefined || args === null || args === '' ? {} : readJson(args, isObject)
  if (!isObject(given)) return given
  const own = Object.entries(given).filter(([key]) => Object.hasOwn(schema.shape, key) || !clientKeys.has(key))
  return readObject(schema.shape, fromEntries(own))
}

type Schema = z.core.$ZodType
type Shape = Readonly<Record<string, Schema>>
type JsonObject = Record<string, unknown>

function read(schema: Schema, value: unknown): unknown {
  const { def } = schema._zod as z.core.$ZodTypes['_zod']
  switch (def.type) {
    case 'optional':
      return read(def.innerType, value)
    case 'pipe':
      return read(def.in, value)
    case 'array':
      return readList(def.element, value)
    case 'object':
      return readItem(def.shape, value)
    case 'string':
      return readText(value)
    case 'number':
      return typeof value === 'string' && /^-?[0-9]{1,15}$/.test(value) ? Number(value) : value
    case 'boolean':
      return typeof value === 'string' && /^(?:true|false)$/i.test(value) ? value.toLowerCase() === 'true' : value
    default:
      return value
  }
}

/** A whole number is the text of its digits. An object that names a number and says nothing else is that number. */
function readText(value: unknown): unknown {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return String(value)
  if (!isObject(value)) return value
  const said = Object.entries(value).filter(([, inner]) => inner !== null && inner !== '')
  const [only] = said
  return said.length === 1 && only?.[0] === 'tn' ? readText(only[1]) : value
}

function readList(element: Schema, value: unknown): unknown {
  if (value === undefined || value === null || value === '') return value
  const given = readJson(value, (inner) => Array.isArray(inner) || isObject(inner))
  return (Array.isArray(given) ? given : [given]).map((item) => read(element, item))
}

/** An object; where it has a `tn`, the number alone stands for it. */
function readItem(shape: Shape, value: unknown): unknown {
  const given = readJson(value, isObject)
  if (isObject(given)) return readObject(shape, given)
  const isNumber = typeof given === 'string' || typeof given === 'number'
  return isNumber && Object.hasOwn(shape, 'tn') ? { tn: readText(given) } : given
}

/** An object's fields, without those that say nothing. Its unknown keys stay, for the schema to refuse. */
function readObject(shape: Shape, value: JsonObject): JsonObject {
  const fields = Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
    const schema = Object.hasOwn(shape, key) ? shape[key] : undefined
    if (schema === undefined) return [[key, inner]]
    return isNothing(schema, inner) ? [] : [[key, read(schema, inner)]]
  })
  return fromEntries(fields)
}

/** Empty is a value where the schema takes an empty text: `refId: ""` clears. */
function isNothing(schema: Schema, value: unknown): boolean {
  return value === null || value === undefined || (value === '' && !takesEmptyText(schema))
}

function takesEmptyText(schema: Schema): boolean {
  const known = emptyTaken.get(schema)
  if (known !== undefined) return known
  const taken = (schema as z.ZodType).safeParse('').success
  emptyTaken.set(schema, taken)
  return taken
}

/** The schemas that take an empty text, remembered, since it is asked of every call. */
const emptyTaken = new WeakMap<Schema, boolean>()

/** What a text says as JSON, where that is of the kind that is asked for; else the text. */
function readJson(value: unknown, isAskedFor: (json: unknown) => boolean): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value
  try {
    const json: unknown = JSON.parse(value)
    return isAskedFor(json) ? json : value
  } catch {
    return value
  }
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An object as JSON makes it: `__proto__` is a key like any other. */
const fromEntries = (entries: [string, unknown][]): JsonObject => Object.fromEntries(entries)
