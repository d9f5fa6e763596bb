// One ESM bundle with the heavy rooms split off, so that a start loads only what `tools/list` needs.
import { chmodSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { build } from 'esbuild'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const root = new URL('..', import.meta.url).pathname

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  bundle: true,
  metafile: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  chunkNames: 'chunks/[name]-[hash]',
  // CommonJS dependencies inside an ES module still call require().
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  // libsql finds its native engine beside itself; pg-native is optional and not installed.
  external: ['libsql', 'pg-native'],
  define: { DID_MCP_VERSION: JSON.stringify(version) },
  legalComments: 'none',
  logLevel: 'warning',
})
chmodSync(`${root}dist/main.js`, 0o755)
// Older chunks go last, so that a program that was started a moment ago still finds its own for as long as it can.
for (const chunk of readdirSync(`${root}dist/chunks`)) {
  if (!(`dist/chunks/${chunk}` in metafile.outputs)) rmSync(`${root}dist/chunks/${chunk}`)
}
