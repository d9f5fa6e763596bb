import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { onlyAtTerminal, openTerminal } from '../../src/terminal/terminal.ts'
import { testTerminal } from '../support/terminal.ts'

interface Setting {
  /** Which streams are a terminal's. */
  tty?: readonly ('stdin' | 'stdout' | 'stderr')[]
  columns?: number
  env?: Record<string, string>
}

/** A terminal over streams that a test writes and reads. */
function open({ tty = [], columns, env = {} }: Setting) {
  const stream = (name: 'stdin' | 'stdout' | 'stderr') =>
    Object.assign(new PassThrough({ encoding: 'utf8' }), tty.includes(name) && { isTTY: true })
  const stdin = stream('stdin')
  const stdout = Object.assign(stream('stdout'), columns && { columns })
  const stderr = stream('stderr')
  const terminal = openTerminal({ stdin, stdout, stderr, env })
  const read = () => ({ stdout: stdout.read() ?? '', stderr: stderr.read() ?? '' })
  return { terminal, read, stdin, stdout }
}

describe('colours', () => {
  const xterm = { TERM: 'xterm-256color' }
  test.each<[string, boolean, boolean, Record<string, string>]>([
    ['on a terminal', true, true, xterm],
    ['not on one that has none', false, true, { TERM: 'dumb' }],
    ['not on one of an unknown kind', false, true, {}],
    ['not where NO_COLOR asks for none', false, true, { ...xterm, NO_COLOR: '1' }],
    ['where FORCE_COLOR asks for them', true, true, { TERM: 'dumb', FORCE_COLOR: '1' }],
    ['not where FORCE_COLOR is 0', false, true, { ...xterm, FORCE_COLOR: '0' }],
    ['not in a pipe or a file', false, false, xterm],
    ['not in a pipe where FORCE_COLOR is empty', false, false, { ...xterm, FORCE_COLOR: '' }],
    ['in a pipe where FORCE_COLOR asks for them', true, false, { FORCE_COLOR: '1' }],
  ])('%s', (_, coloured, isTTY, env) => {
    const { terminal } = open({ tty: isTTY ? ['stdout'] : [], env })
    expect([terminal.strong('s'), terminal.dim('d')]).toEqual(
      coloured ? ['\u001b[1ms\u001b[22m', '\u001b[2md\u001b[22m'] : ['s', 'd'],
    )
  })
})

describe('what is printed', () => {
  test('answers go to stdout, complaints beside them', () => {
    const { terminal, read } = open({})
    terminal.print('a')
    terminal.print()
    terminal.fail('b')
    expect(read()).toEqual({ stdout: 'a\n\n', stderr: 'b\n' })
  })

  test.each<[string, NonNullable<Setting['tty']>, string]>([
    ['is shown where somebody looks, each over the last', ['stderr'], '1000 numbers read\r2000 numbers read\r'],
    ['is shown though the answer goes elsewhere', ['stdin', 'stderr'], '1000 numbers read\r2000 numbers read\r'],
    ['is not shown where complaints go into a file', ['stdin', 'stdout'], ''],
  ])('progress %s', (_, tty, stderr) => {
    const { terminal, read } = open({ tty })
    terminal.progress('1000 numbers read')
    terminal.progress('2000 numbers read')
    expect(read()).toEqual({ stdout: '', stderr })
  })

  test('a reader who left is no failure', () => {
    const { terminal, stdout } = open({})
    stdout.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    expect(() => terminal.print('more')).not.toThrow()
  })

  test.each([
    [80, 80],
    [undefined, Number.POSITIVE_INFINITY],
    [0, Number.POSITIVE_INFINITY],
  ])('%s columns are a width of %s', (columns, width) => {
    expect(open(columns === undefined ? {} : { columns }).terminal.width).toBe(width)
  })
})

describe('a question', () => {
  test.each<[string, NonNullable<Setting['tty']>]>([
    ['input', ['stdout', 'stderr']],
    ['output', ['stdin', 'stderr']],
  ])('is put to nobody whose %s is no terminal', (_, tty) => {
    expect(open({ tty }).terminal.ask).toBeUndefined()
  })

  test('is shown, and answered with a line', async () => {
    const { terminal, stdin, read } = open({ tty: ['stdin', 'stdout'] })
    const answer = terminal.ask?.('Last four digits: ')
    stdin.write('0150\r')
    expect(await answer).toBe('0150')
    expect(read().stdout).toContain('Last four digits: ')
  })

  test.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('is left with %s, which is an answer too', async (_, typed) => {
    const { terminal, stdin, read } = open({ tty: ['stdin', 'stdout'] })
    const answer = terminal.ask?.('Last four digits: ')
    stdin.write(typed)
    expect(await answer).toBeUndefined()
    expect(read().stdout).toMatch(/Last four digits: .*\n$/)
  })
})

test('what only a person may do says so, and fails', () => {
  const terminal = testTerminal()
  expect(onlyAtTerminal(terminal)).toBe(1)
  expect(terminal.lines).toEqual([
    'This is for a person at an interactive terminal: run it there. Nothing was changed.',
  ])
})
