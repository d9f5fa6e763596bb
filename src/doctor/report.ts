import { visible } from '../domain/untrusted.ts'
import { versioned } from '../terminal/json.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { wrap } from '../terminal/wrap.ts'
import type { CheckVerdict, Examined } from './check.ts'

/** The name of the line which says that nothing more could be looked at. */
export const theRest = 'the rest'

/** The width of the column of names, which fits the longest name of a check. */
const nameWidth = 13
const verdictWidth = 7
const timeWidth = 9
const indent = ' '.repeat(verdictWidth + nameWidth + timeWidth + 6)

/** Prints one thing that was looked at: a line for each finding, and what to do about it. */
export function printExamined({ name, ms, findings }: Examined, terminal: Terminal): void {
  for (const [index, { verdict, what, next, run }] of findings.entries()) {
    const word = verdict.padEnd(verdictWidth)
    const first = index === 0 ? name : ''
    const time = index === 0 ? `${ms} ms` : ''
    const [head = '', ...rest] = lines(what, terminal.width - indent.length)
    const mark = verdict === 'ok' || verdict === 'skipped' ? word : terminal.strong(word)
    terminal.print(`${mark}  ${first.padEnd(nameWidth)}  ${terminal.dim(time.padStart(timeWidth))}  ${head}`)
    for (const line of rest) terminal.print(`${indent}${line}`)
    const todo = next === undefined ? [] : lines(`Next: ${next}`, terminal.width - indent.length)
    // A command is never broken over lines: whoever copies it would run its first half.
    if (run !== undefined) todo.push(`  ${visible(run, Number.POSITIVE_INFINITY)}`)
    for (const line of todo) terminal.print(`${indent}${line}`)
  }
}

/** Prints how many findings there are of each verdict, and what that comes to. */
export function printSummary(examined: readonly Examined[], terminal: Terminal): void {
  const { failed, warning, skipped, ok } = count(examined)
  const seconds = (examined.reduce((sum, { ms }) => sum + ms, 0) / 1000).toFixed(1)
  const counts = `Failed: ${failed}, warnings: ${warning}, ok: ${ok}, skipped: ${skipped}, in ${seconds} s.`
  const verdict =
    failed > 0
      ? 'It does not work yet: begin with the first line that failed.'
      : warning > 0
        ? 'Nothing failed; look at the warnings.'
        : examined.some(({ name }) => name === theRest)
          ? 'Nothing failed of what was looked at; not all of it was.'
          : 'All is well.'
  terminal.print()
  for (const line of lines(counts, terminal.width)) terminal.print(line)
  for (const line of lines(verdict, terminal.width)) terminal.print(terminal.strong(line))
}

/** The whole report as JSON, for machines. */
export function asJson(subject: string, examined: readonly Examined[]): string {
  const counts = count(examined)
  const verdict = counts.failed > 0 ? 'failed' : counts.warning > 0 ? 'warning' : 'ok'
  return versioned({ program: DID_MCP_VERSION, subject, verdict, counts, checks: examined })
}

function count(examined: readonly Examined[]): Record<CheckVerdict, number> {
  const verdicts = examined.flatMap(({ findings }) => findings.map(({ verdict }) => verdict))
  const of = (verdict: CheckVerdict) => verdicts.filter((one) => one === verdict).length
  return { ok: of('ok'), warning: of('warning'), failed: of('failed'), skipped: of('skipped') }
}

/** The least width at which lines are broken: a terminal that is narrower does it better by itself. */
const leastWidth = 30

const lines = (text: string, width: number): string[] =>
  wrap(visible(text, Number.POSITIVE_INFINITY), Math.max(width, leastWidth))
