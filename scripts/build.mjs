// One ESM bundle with the heavy rooms split off, so that a start loads only what `tools/list` needs: dist.
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { evaluated } from './evaluated.mjs'
import { leaveOut } from './left-out.mjs'
import { noticesOf } from './notices.mjs'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const root = fileURLToPath(new URL('..', import.meta.url))
const outdir = 'dist'
// The tools as they are listed, from their own source: a client gets them without a schema being converted.
const { toolsListed } = await evaluated(`
  import { toolList } from './src/mcp/tool-list.ts'
  import { builtIn } from './src/policy/policy.ts'
  import { everyTool } from './src/tools/index.ts'
  export const toolsListed = JSON.stringify(toolList(everyTool, builtIn))`)

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['src/main.ts'],
  outdir,
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
  // Its other form hides what it requires from whoever bundles it.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  define: { DID_MCP_VERSION: JSON.stringify(version), DID_MCP_TOOL_LIST: JSON.stringify(toolsListed) },
  legalComments: 'none',
  // Beside each file, named in none: src/stack.ts reads one when something failed, and nobody at a start.
  sourcemap: 'external',
  sourcesContent: false,
  // Names stay, for stack traces; the rest is read at every start.
  minifyWhitespace: true,
  minifySyntax: true,
  plugins: [leaveOut],
  logLevel: 'warning',
})
chmodSync(`${root}${outdir}/main.js`, 0o755)
writeFileSync(`${root}${outdir}/NOTICES.txt`, noticesOf(metafile, root))
// Older chunks go last, so that a program that was started a moment ago still finds its own for as long as it can.
for (const chunk of readdirSync(`${root}${outdir}/chunks`)) {
  if (!(`${outdir}/chunks/${chunk}` in metafile.outputs)) rmSync(`${root}${outdir}/chunks/${chunk}`)
}
