import { type Prompt, prompts } from '../src/mcp/prompts.ts'

/** What package.json says of the project, as far as a plugin says it too. */
export interface Project {
  name: string
  version: string
  description: string
  license: string
  homepage: string
  repository: { url: string }
  keywords: readonly string[]
}

/** The folder of the plugin; the marketplace in `.claude-plugin` at the root names it. */
const folder = 'packaging/claude-code'

/** Every file of the Claude Code plugin, by its path in the repository: the server, and a skill for each prompt. */
export function claudePluginFiles(project: Project): Readonly<Record<string, string>> {
  const { name, version, description, license, homepage, keywords } = project
  const repository = project.repository.url.replace(/^git\+|\.git$/g, '')
  const author = { name: 'did-mcp contributors' }
  return {
    '.claude-plugin/marketplace.json': json({
      name,
      owner: author,
      metadata: { description },
      plugins: [{ name, source: `./${folder}`, description }],
    }),
    [`${folder}/.claude-plugin/plugin.json`]: json({
      name,
      version,
      description,
      author,
      homepage,
      repository,
      license,
      keywords,
    }),
    [`${folder}/.mcp.json`]: json({
      mcpServers: { did: { command: 'npx', args: ['-y', `${name}@${version}`], env: settings } },
    }),
    ...Object.fromEntries(prompts.map((prompt) => [`${folder}/skills/${prompt.name}/SKILL.md`, skill(prompt)])),
  }
}

/** What the person has set in the environment of Claude Code; empty is the sandbox. */
const settings = Object.fromEntries(
  ['DID_MCP_LOGIN', 'DID_MCP_SECRET_FILE', 'DID_MCP_POLICY'].map((name) => [name, `\${${name}:-}`]),
)

/** A prompt as a skill: what it needs is what the person writes after its name. */
function skill({ name, title, description, input, text }: Prompt): string {
  const needed = Object.keys(input.shape).filter((key) => !input.shape[key].safeParse(undefined).success)
  const args = Object.fromEntries(needed.map((key) => [key, ['$ARGUMENTS']]))
  const words = text(args)
  const rest = needed.length > 0 ? [] : ['What I say beside that: $ARGUMENTS']
  const head = ['---', `name: ${name}`, `description: ${JSON.stringify(`${title}. ${description}`)}`, '---']
  return `${[...head, ...[...words, ...rest].flatMap((line) => ['', line])].join('\n')}\n`
}

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`
