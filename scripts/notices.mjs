// The copyright notices of all that a bundle holds, as their licences ask for wherever the bundle goes.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @param metafile esbuild's, of the bundle
 * @param root the folder that esbuild's paths begin at
 * @returns one part for each package: its name, version, licence, and the text of the licence
 * @throws Error naming a package that brings no such text
 */
export function noticesOf(metafile, root) {
  const inside = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs))
  const folders = new Set(used.flatMap((path) => inside.exec(path)?.[1] ?? []))
  return [...folders].sort().map(noticeOf).join('\n')

  function noticeOf(folder) {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    const text = licenceIn(join(root, folder))
    if (!text) throw new Error(`${name} ${version} brings no text of its licence (${license})`)
    const line = '-'.repeat(100)
    return `${line}\n${name} ${version} (${license})\n\n${text}\n`
  }
}

/** The text in a file of its own, or the last part of the README, where some packages have it. */
function licenceIn(folder) {
  const files = readdirSync(folder)
  const read = (file) => readFileSync(join(folder, file), 'utf8')
  const own = files.find((one) => /^licen[cs]e(\.(md|txt))?$/i.test(one))
  if (own) return read(own).trim()
  const readme = files.find((one) => /^readme\.md$/i.test(one))
  const [, part = ''] = readme ? read(readme).split(/^#+ licen[cs]e\s*$/im) : []
  return part.trim()
}
