// Writes policy.schema.json from the schema that reads policy files. Run it when src/policy/settings.ts changes.
import { writeFileSync } from 'node:fs'
import { evaluated } from './evaluated.mjs'

const { policySchema } = await evaluated("export { policySchema } from './src/policy/file.ts'")
const file = new URL('../policy.schema.json', import.meta.url)
writeFileSync(file, `${JSON.stringify(policySchema(), null, 2)}\n`)
