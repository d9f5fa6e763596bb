// Each docstring begins with its subject: what the thing is, or what it does. A newcomer, an editor's hint and a search
// show one docstring alone, where "Of those that are whole." or "As it was met last." says nothing.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** First words that lean on something that is not there: on the name below, or on the docstring before. */
const leaning = new Set(
  (
    'Of As In By At On From To With Without For After Before Between Beside Beneath During Since Until While When Where If ' +
    'Also Too Else Likewise Otherwise Then Thus So Here There Later Earlier Once Absent Undefined Told Unless Because ' +
    'It They He She These Those That Both None Neither Either Same More Most Less Least Only Not Never Above Below ' +
    'And Or But Nor Yet Whose Whom Which Likewise Again Still Even Just Along Among Behind Instead'
  ).split(' '),
)

/** The docstrings of a text that do not begin with their subject, each with its line. */
export function leaningIn(text) {
  const found = []
  for (const match of text.matchAll(/\/\*\*(?!\/)([\s\S]*?)\*\//g)) {
    const said = match[1].replace(/^\s*\*\s?/gm, ' ').trim()
    const [first = ''] = /^[\p{L}’']+/u.exec(said) ?? []
    if (said === '' || leaning.has(first)) {
      found.push({ line: text.slice(0, match.index).split('\n').length, said: said.split('\n')[0] })
    }
  }
  return found
}

function* sources(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) yield* sources(path)
    else if (name.endsWith('.ts')) yield path
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  let docstrings = 0
  let bad = 0
  for (const path of ['src', 'bench'].flatMap((folder) => [...sources(folder)])) {
    const text = readFileSync(path, 'utf8')
    docstrings += text.match(/\/\*\*(?!\/)/g)?.length ?? 0
    for (const { line, said } of leaningIn(text)) {
      bad++
      console.error(`${path}:${line}: a docstring that does not begin with its subject: ${said}`)
    }
  }
  if (bad > 0) process.exitCode = 1
  else console.log(`${docstrings} docstrings, each begins with its subject`)
}
