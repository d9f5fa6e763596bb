import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Runs a module that imports our TypeScript, which Node 20 does not read: it is bundled first.
 *
 * @param contents its text; `./` is the root of the repository
 * @returns what it exports
 */
export async function evaluated(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  })
  // A file, and not a data: URL: what fails in it names its place in every line of the stack, and this one is short.
  const folder = mkdtempSync(join(tmpdir(), 'did-mcp-evaluated-'))
  try {
    const file = join(folder, 'module.mjs')
    writeFileSync(file, outputFiles[0].text)
    return await import(pathToFileURL(file).href)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
