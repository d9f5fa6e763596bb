// Writes the README's tables from the code they speak of. Run it when a tool, an effect, a variable or a test line changes.
import { readFileSync, writeFileSync } from 'node:fs'
import { evaluated } from './evaluated.mjs'

const { withTables } = await evaluated("export { withTables } from './scripts/with-tables.ts'")
const file = new URL('../README.md', import.meta.url)
writeFileSync(file, withTables(readFileSync(file, 'utf8')))
