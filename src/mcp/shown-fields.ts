import * as z from 'zod'
import type { Clean, CleanObject } from './cleaning.ts'

/** The fields of a schema, through lists and what may be left out; undefined where it has none of its own. */
export function fieldsOf(schema: z.core.$ZodType | undefined): z.core.$ZodLooseShape | undefined {
  if (schema instanceof z.ZodOptional) return fieldsOf(schema.unwrap())
  if (schema instanceof z.ZodArray) return fieldsOf(schema.element)
  return schema instanceof z.ZodObject ? schema.shape : undefined
}

/**
 * `value` with its fields in the order of its schema at every depth, so that what is read first stands first and two
 * answers of a tool differ in nothing but what they say. What the schema does not name follows as it came.
 */
export function inOrder(value: CleanObject, schema: z.core.$ZodType | undefined): CleanObject {
  const fields = fieldsOf(schema)
  if (fields === undefined) return value
  const ordered: [string, Clean][] = []
  for (const name of namesInOrder(fields, Object.keys(value))) {
    const inner = value[name]
    if (inner !== undefined) ordered.push([name, innerInOrder(inner, fields[name])])
  }
  return Object.fromEntries(ordered)
}

/** The names in the order of `fields`; those that it has not follow as they came. */
export function namesInOrder(fields: z.core.$ZodLooseShape | undefined, names: Iterable<string>): string[] {
  const given = new Set(names)
  if (fields === undefined) return [...given]
  const known = Object.keys(fields).filter((name) => given.delete(name))
  return [...known, ...given]
}

function innerInOrder(value: Clean, schema: z.core.$ZodType | undefined): Clean {
  if (Array.isArray(value)) return value.map((inner) => innerInOrder(inner, schema))
  return typeof value === 'object' ? inOrder(value, schema) : value
}
