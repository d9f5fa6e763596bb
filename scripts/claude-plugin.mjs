// Writes the Claude Code plugin from package.json and the prompts. Run it when one of them changes.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { evaluated } from './evaluated.mjs'

const root = new URL('..', import.meta.url)
const { claudePluginFiles } = await evaluated("export { claudePluginFiles } from './scripts/claude-plugin-files.ts'")
const project = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))
for (const [path, text] of Object.entries(claudePluginFiles(project))) {
  const file = new URL(path, root)
  mkdirSync(new URL('.', file), { recursive: true })
  writeFileSync(file, text)
}
