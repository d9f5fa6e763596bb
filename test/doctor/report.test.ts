import { describe, expect, test } from 'vitest'
import type { Examined, Finding } from '../../src/doctor/check.ts'
import { asJson, printExamined, printSummary } from '../../src/doctor/report.ts'
import { testTerminal } from '../support/terminal.ts'

const ok: Finding = { verdict: 'ok', what: 'the service answers' }
const warning: Finding = { verdict: 'warning', what: 'only 5 MB are free', next: 'Free some space.' }
const failed: Finding = { verdict: 'failed', what: 'no connection', next: 'Look at the firewall.' }
const skipped: Finding = { verdict: 'skipped', what: 'needs tcp, which did not succeed' }

function examined(name: string, verdict: Examined['verdict'], ms: number, ...findings: Finding[]): Examined {
  return { name, verdict, ms, findings }
}

/** A terminal in which what is strong stands between stars. */
const marked = (width: number) => ({ ...testTerminal(undefined, width), strong: (text: string) => `*${text}*` })

describe('for a person', () => {
  test('each finding has its verdict, the first of them name and time, and what to do stands below', () => {
    const terminal = marked(80)
    printExamined(examined('state folder', 'warning', 1234, ok, warning), terminal)
    printExamined(examined('tcp', 'failed', 0, failed), terminal)
    printExamined(examined('tls', 'skipped', 3, skipped), terminal)
    expect(terminal.lines).toEqual([
      'ok       state folder     1234 ms  the service answers',
      '*warning*                            only 5 MB are free',
      '                                   Next: Free some space.',
      '*failed *  tcp                 0 ms  no connection',
      '                                   Next: Look at the firewall.',
      'skipped  tls                 3 ms  needs tcp, which did not succeed',
    ])
  })

  test('what is long goes on below itself, and neither a path nor a command is broken', () => {
    const path = '/home/ann/a/very/long/path/that/does/not/fit/the/line'
    const terminal = testTerminal(undefined, 70)
    const what = `${path} has the permissions 755, so others may reach the journal`
    const next = 'The next start narrows it; this does it now:'
    const finding: Finding = { verdict: 'warning', what, next, run: `chmod 700 ${path}` }
    printExamined(examined('state folder', 'warning', 5, finding), terminal)
    expect(terminal.lines).toEqual([
      `warning  state folder        5 ms  ${path}`,
      '                                   has the permissions 755, so others',
      '                                   may reach the journal',
      '                                   Next: The next start narrows it;',
      '                                   this does it now:',
      `                                     chmod 700 ${path}`,
    ])
  })

  test('nothing that was read moves the cursor', () => {
    const terminal = testTerminal()
    printExamined(examined('tls', 'ok', 5, { verdict: 'ok', what: 'by \u001b[2JEvil\u202e' }), terminal)
    expect(terminal.lines).toEqual(['ok       tls                 5 ms  by [2JEvil'])
  })
})

describe('in the end', () => {
  test.each<[string, Finding[], string, string]>([
    [
      'something failed',
      [failed, warning, ok, skipped],
      'Failed: 1, warnings: 1, ok: 1, skipped: 1, in 1.5 s.',
      'It does not work yet: begin with the first line that failed.',
    ],
    [
      'something is worth a look',
      [warning, warning, ok],
      'Failed: 0, warnings: 2, ok: 1, skipped: 0, in 1.5 s.',
      'Nothing failed; look at the warnings.',
    ],
    ['all is well', [ok, ok, skipped], 'Failed: 0, warnings: 0, ok: 2, skipped: 1, in 1.5 s.', 'All is well.'],
  ])('%s', (_, findings, counts, verdict) => {
    const terminal = marked(80)
    printSummary([examined('a', 'ok', 1400, ...findings), examined('b', 'ok', 80)], terminal)
    expect(terminal.lines).toEqual(['', counts, `*${verdict}*`])
  })

  test.each([40, 60, 80])('at %s columns, no line is longer', (width) => {
    const terminal = testTerminal(undefined, width)
    printSummary([examined('a', 'failed', 123_456, ...Array(1000).fill(failed))], terminal)
    expect(terminal.lines.filter((line) => line.length > width)).toEqual([])
    expect(terminal.lines.join(' ')).toBe(
      ' Failed: 1000, warnings: 0, ok: 0, skipped: 0, in 123.5 s. It does not work yet: begin with the first line that failed.',
    )
  })
})

describe('as JSON', () => {
  test.each<[string, Finding[], object]>([
    ['failed', [ok, failed, warning], { ok: 1, warning: 1, failed: 1, skipped: 0 }],
    ['warning', [ok, warning, skipped], { ok: 1, warning: 1, failed: 0, skipped: 1 }],
    ['ok', [ok, skipped], { ok: 1, warning: 0, failed: 0, skipped: 1 }],
  ])('%s', (verdict, findings, counts) => {
    const checks = findings.map((finding) => examined('one', finding.verdict, 12, finding))
    expect(JSON.parse(asJson('the configuration of Cursor', checks))).toEqual({
      version: 1,
      program: '0.0.0-test',
      subject: 'the configuration of Cursor',
      verdict,
      counts,
      checks,
    })
  })
})
