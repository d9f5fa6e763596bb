// Measures the built program: `npm run bench -- [--only NAME] [--runs N] [--json FILE] [--smoke] [--program FILE]`.
// docs/performance.md says what each figure means.
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const outdir = `${root}node_modules/.cache/did-mcp-bench`
const main = fileURLToPath(new URL('../bench/main.ts', import.meta.url))
const references = {
  'bare-server': fileURLToPath(new URL('../bench/references/bare-server.ts', import.meta.url)),
  'bare-sax': fileURLToPath(new URL('../bench/references/bare-sax.ts', import.meta.url)),
  carrier: fileURLToPath(new URL('../bench/references/carrier.ts', import.meta.url)),
  'plain-soap': fileURLToPath(new URL('../bench/references/plain-soap.ts', import.meta.url)),
  probe: fileURLToPath(new URL('../bench/references/probe.ts', import.meta.url)),
}
const { 'bare-server': shipped, ...others } = references
const common = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  outdir,
  outExtension: { '.js': '.mjs' },
}

await build({
  ...common,
  entryPoints: [main, ...Object.values(others)],
  entryNames: '[name]',
  packages: 'external',
})
// Bundled whole, as a server is shipped whose start matters.
const require =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);"
await build({
  ...common,
  entryPoints: [shipped],
  minifyWhitespace: true,
  minifySyntax: true,
  banner: { js: require },
})

const { bench } = await import(`${outdir}/main.mjs`)
process.exitCode = await bench(process.argv.slice(2), {
  program: `${root}dist/main.js`,
  references: Object.fromEntries(Object.keys(references).map((name) => [name, `${outdir}/${name}.mjs`])),
})
