// The copyright notices of all that a bundle holds, as their licences ask for wherever the bundle goes.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @param metafile esbuild's, of the bundle
 * @param root the folder that esbuild's paths begin at
 * @returns one part for each package: its name, version, licence, and the text of the licence
 */
export function noticesOf(metafile, root) {
  const inside = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs))
  const folders = new Set(used.flatMap((path) => inside.exec(path)?.[1] ?? []))
  return [...folders].sort().map(noticeOf).join('\n')

  function noticeOf(folder) {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    const file = readdirSync(join(root, folder)).find((one) => /^licen[cs]e(\.(md|txt))?$/i.test(one))
    const text = file ? readFileSync(join(root, folder, file), 'utf8').trim() : ''
    const line = '-'.repeat(100)
    return `${line}\n${name} ${version} (${license})\n\n${text}\n`
  }
}
