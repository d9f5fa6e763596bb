#!/usr/bin/env node
import { fileURLToPath } from 'node:url'

/** Picks a command, and is the only place that reads argv and environment and ends the process. */
async function main(args: readonly string[]): Promise<number> {
  const program = fileURLToPath(import.meta.url)
  // What desktop clients launch: no argument parser stands between the start and the first message.
  if (args.length === 0) return (await import('./commands/launch-stdio.ts')).stdio(process.env, program)
  const { parse } = await import('./commands/parse.ts')
  return parse(args, process.env, program)
}

process.exit(
  await main(process.argv.slice(2)).catch(async (error: unknown) => {
    const line = `did-mcp: ${error instanceof Error ? error.message : String(error)}\n`
    await new Promise((written) => process.stderr.on('error', written).write(line, written))
    return 1
  }),
)
