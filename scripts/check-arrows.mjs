// Proves that arrows between rooms run downward only (rooms.mjs), and that no room is overfull: `node scripts/check-arrows.mjs [FOLDER]`, the folder that holds
// src. Exit code 1, with a line for each arrow that runs wrong, and also where it finds no arrows to judge.
//
// It reads source text, not what a compiler leaves of it, because compilers drop type-only imports. Whatever the syntax
// around it, a quoted text that begins with ./ or ../ is an arrow to that file; no other text may begin so.
import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { allowedIn, catalogues, knownTo, mostFiles, packages, pure, rooms } from './rooms.mjs'

const allowed = new Map(rooms.map((one) => [one.room, allowedIn(one)]))

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url))
const files = readdirSync(`${root}/src`, { recursive: true })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.[cm]?[jt]sx?$/.test(file))
  .sort()
const arrows = files.flatMap((file) => arrowsOf(file, readFileSync(`${root}/src/${file}`, 'utf8')))
const wrong = [
  ...files.filter((file) => roomOf(file) === undefined).map((file) => `src/${file}: lies in no room`),
  ...arrows.flatMap(({ file, line, ...arrow }) => {
    const problem = judge(file, arrow)
    return problem === undefined ? [] : [`src/${file}:${line}: ${problem}`]
  }),
]
for (const circle of circles()) wrong.push(`src/${circle.join(' -> ')}: a circle of imports`)
wrong.push(...overfull())
if (arrows.length === 0) wrong.push(`no imports found under ${root}/src`)
for (const line of wrong) console.error(line)
if (wrong.length > 0) process.exit(1)
console.log(`${arrows.length} imports in ${files.length} files, each as the rooms allow`)

/** Every import that a file states: a path under src, the name of a package, or one that is computed at run time. */
function arrowsOf(file, text) {
  const find = (pattern, name) =>
    [...text.matchAll(pattern)].map((match) => ({
      file,
      line: text.slice(0, match.index).split('\n').length,
      ...name(match.groups?.target),
    }))
  return [
    ...find(/(['"`])(?<target>\.{1,2}\/[^'"`\n]*)\1/g, (target) => ({ to: posix.join(posix.dirname(file), target) })),
    // The last form is createRequire(…)('package').
    ...find(
      /(?:\bfrom\b|\bimport\b|\brequire\b|\)\s*(?=\())\s*\(?\s*(['"`])(?<target>[^.'"`\s][^'"`\s]*)\1/g,
      (name) => ({ name }),
    ),
    ...find(/\bimport\s*\((?!\s*(['"`])[^'"`]*\1\s*[,)])/g, () => ({ computed: true })),
  ]
}

function judge(file, { to, name, computed }) {
  const room = roomOf(file)
  if (room === undefined) return undefined
  if (computed) return 'an import whose target is computed cannot be judged'
  if (to !== undefined) {
    const known = Object.entries(knownTo).every(
      ([place, who]) => !covers(place, to) || who.some((one) => covers(one, file)),
    )
    const may = [room, ...allowed.get(room)].some((one) => covers(one, to))
    return known && may ? undefined : `${room} may not import ${to}`
  }
  const owned = Object.keys(packages).find((one) => name === one || name.startsWith(`${one}/`))
  if (owned !== undefined && !packages[owned].some((one) => covers(one, file))) return `${room} may not import ${name}`
  if (pure[room]?.includes(name) === false) return `${room} may not import ${name}`
  return undefined
}

/** Rooms of more files than one finds one's way in; those of a catalogue do not count. */
function overfull() {
  const counted = files.filter((file) => !catalogues.some((place) => covers(place, file)))
  return [...allowed.keys()].flatMap((room) => {
    const { length } = counted.filter((file) => roomOf(file) === room)
    return length > mostFiles ? [`src/${room}: ${length} files, and a room has at most ${mostFiles}`] : []
  })
}

/** Each way that leads back to where it began, inside a room too and of types alone; one for each file that closes one. */
function circles() {
  const found = []
  const done = new Set()
  const walk = (file, way) => {
    if (way.includes(file)) found.push([...way.slice(way.indexOf(file)), file])
    if (done.has(file) || way.includes(file)) return
    for (const { to } of arrows.filter((arrow) => arrow.file === file && files.includes(arrow.to))) {
      walk(to, [...way, file])
    }
    done.add(file)
  }
  for (const file of files) walk(file, [])
  return found
}

function roomOf(file) {
  return [...allowed.keys()].find((one) => covers(one, file))
}

function covers(place, file) {
  if (place.endsWith('/*')) return `${posix.dirname(file)}/*` === place
  return place.endsWith('/') ? file.startsWith(place) : file === place
}
