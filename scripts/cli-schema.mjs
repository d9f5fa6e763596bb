// Writes schemas/cli.json from scripts/cli-shapes.ts. Run it when what a command answers to --json changes.
import { writeFileSync } from 'node:fs'
import { evaluated } from './evaluated.mjs'

const { cliSchema } = await evaluated("export { cliSchema } from './scripts/cli-shapes.ts'")
const file = new URL('../schemas/cli.json', import.meta.url)
writeFileSync(file, `${JSON.stringify(cliSchema(), null, 2)}\n`)
