// Writes the tables of README, AGENTS and the architecture from the code they speak of. Run it when a tool, an effect, a
// variable, a test line or a room changes.
import { readFileSync, writeFileSync } from 'node:fs'
import { evaluated } from './evaluated.mjs'
import { withRoomTable } from './rooms.mjs'

const { documents, withTables } = await evaluated("export { documents, withTables } from './scripts/with-tables.ts'")
for (const name of documents) {
  const document = new URL(`../${name}`, import.meta.url)
  writeFileSync(document, withTables(readFileSync(document, 'utf8')))
}
for (const name of ['AGENTS.md', 'docs/architecture.md']) {
  const document = new URL(`../${name}`, import.meta.url)
  writeFileSync(document, withRoomTable(readFileSync(document, 'utf8')))
}
