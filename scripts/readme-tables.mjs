// Writes the README's tables from the code they speak of. Run it when a tool, an effect, a variable or a test line changes.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
// Node 20 does not read TypeScript, so the tables are bundled first.
const { outputFiles } = await build({
  entryPoints: [`${root}scripts/with-tables.ts`],
  bundle: true,
  format: 'esm',
  platform: 'node',
  write: false,
})
const { withTables } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`
)
writeFileSync(`${root}README.md`, withTables(readFileSync(`${root}README.md`, 'utf8')))
