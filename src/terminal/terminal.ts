import { createInterface } from 'node:readline/promises'
import { WriteStream } from 'node:tty'
import { styleText } from 'node:util'
import { type Outlet, openOutlet } from './outlet.ts'

/** What a command reads from and prints to. */
export interface Terminal {
  /** A line of the answer. */
  print(line?: string): void
  /** A part of the answer as it is, with the ends of lines that it has. */
  write(text: string): void
  /** A line about what went wrong, beside the answer. */
  fail(line: string): void
  /** A line that the next one is written over; nothing where nobody looks. */
  progress(line: string): void
  /**
   * A person's answer, one line; undefined where the person left (Ctrl-C, Ctrl-D). Absent where no person sits at it:
   * then nothing can be asked.
   */
  ask?: AskPerson | undefined
  /** Columns that a line may take; endless where nobody looks. */
  width: number
  strong(text: string): string
  dim(text: string): string
}

export type AskPerson = (question: string) => Promise<string | undefined>

/** What a terminal is made of: a process, or its likeness in a test. */
export interface Streams {
  stdin: NodeJS.ReadableStream & { isTTY?: boolean }
  stdout: NodeJS.WritableStream & { isTTY?: boolean; columns?: number }
  stderr: NodeJS.WritableStream & { isTTY?: boolean }
  env: Readonly<Record<string, string | undefined>>
}

/** @param outlets of stdout and stderr, for whoever waits until everything is out */
export function openTerminal(
  { stdin, stdout, stderr, env }: Streams,
  outlets: { out: Outlet; err: Outlet } = { out: openOutlet(stdout), err: openOutlet(stderr) },
): Terminal {
  const { out, err } = outlets
  const styled = (style: 'bold' | 'dim') =>
    isColoured(stdout, env) ? (text: string) => styleText(style, text, { validateStream: false }) : String
  return {
    print: (line = '') => void out.write(`${line}\n`),
    write: (text) => void out.write(text),
    fail: (line) => void err.write(`${line}\n`),
    progress: (line) => void (stderr.isTTY && err.write(`${line}\r`)),
    ask: stdin.isTTY && stdout.isTTY ? (question) => askOnce(question, stdin, stdout) : undefined,
    width: stdout.columns || Number.POSITIVE_INFINITY,
    strong: styled('bold'),
    dim: styled('dim'),
  }
}

/** Whether colours are shown: on a terminal that has them (TERM) and is not asked for none (NO_COLOR), and wherever FORCE_COLOR asks for them. */
function isColoured(stdout: Streams['stdout'], env: Streams['env']): boolean {
  return (stdout.isTTY === true || Boolean(env.FORCE_COLOR)) && WriteStream.prototype.hasColors(env)
}

/** What is for a person is done by nobody else. @returns the exit code */
export function onlyAtTerminal(terminal: Terminal): number {
  terminal.print('This is for a person at an interactive terminal: run it there. Nothing was changed.')
  return 1
}

async function askOnce(question: string, input: Streams['stdin'], output: Streams['stdout']) {
  const lines = createInterface({ input, output })
  try {
    return await lines.question(question)
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error
    // The question's own line is still open.
    output.write('\n')
    return undefined
  } finally {
    lines.close()
  }
}
