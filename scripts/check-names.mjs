// Proves that a name stands for one thing in the whole house: `node scripts/check-names.mjs [FOLDER]`, the folder that
// holds src. No two types (interfaces and classes, too) share a name, and no two files a base name. Exit code 1, with a
// line for each name that does, and also where it finds nothing to judge.
//
// The two engines of the journal are one thing twice: names of theirs may meet, and nobody else's.
import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const engines = ['journal/sqlite/', 'journal/postgres/']

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url))
const files = readdirSync(`${root}/src`, { recursive: true })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'))
  .sort()
const types = files.flatMap((file) =>
  typesOf(readFileSync(`${root}/src/${file}`, 'utf8')).map((name) => ({ name, file })),
)
const bases = files.map((file) => ({ name: posix.basename(file), file }))
const wrong = [...shared(types, 'type'), ...shared(bases, 'base name')]
if (types.length === 0) wrong.push(`no types found under ${root}/src`)
for (const line of wrong) console.error(line)
if (wrong.length > 0) process.exit(1)
console.log(`${types.length} types in ${files.length} files, each name for one thing`)

/** The types that a file declares for itself or for others, by name. */
function typesOf(text) {
  const declared = /^(?:export )?(?:declare )?(?:abstract )?(?:type|interface|class) (?<name>\w+)/gm
  return [...text.matchAll(declared)].map(({ groups }) => groups.name)
}

/** A line for each name that more than one place has. */
function shared(places, what) {
  const byName = new Map()
  for (const { name, file } of places) byName.set(name, [...(byName.get(name) ?? []), file])
  return [...byName].flatMap(([name, where]) =>
    where.length === 1 || areTwins(where)
      ? []
      : [`the ${what} ${name} stands for ${where.length} things: src/${where.join(', src/')}`],
  )
}

/** Whether each of these is of another engine. */
function areTwins(where) {
  const of = where.map((file) => engines.find((engine) => file.startsWith(engine)))
  return !of.includes(undefined) && new Set(of).size === where.length
}
