import type { Command } from 'commander'

/**
 * Names a word that stands where a command must, and is none, with those that are known. Beside an option too: for
 * `foo --help` commander shows the help of what it knows, and for a default command it counts arguments.
 */
export function refuseUnknown(cli: Command, args: readonly string[]): void {
  let command = cli
  for (const word of args) {
    // A value of an option may follow, which is nobody's command.
    if (word.startsWith('-') || command.commands.length === 0) return
    if (word === 'help') continue
    const known = command.commands
    const next = known.find((one) => one.name() === word)
    if (next === undefined && command.registeredArguments.length > 0) return
    command =
      next ?? command.error(`error: unknown command '${word}'; known: ${known.map((one) => one.name()).join(', ')}`)
  }
}
