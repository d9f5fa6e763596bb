// Writes policy.schema.json from the schema that reads policy files. Run it when src/policy/file.ts changes.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
// Node 20 does not read TypeScript, so the schema is bundled first.
const { outputFiles } = await build({
  entryPoints: [`${root}src/policy/file.ts`],
  bundle: true,
  format: 'esm',
  platform: 'node',
  write: false,
})
const { policySchema } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`
)
writeFileSync(`${root}policy.schema.json`, `${JSON.stringify(policySchema(), null, 2)}\n`)
