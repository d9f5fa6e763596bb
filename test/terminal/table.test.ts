import { describe, expect, test } from 'vitest'
import { printTable } from '../../src/terminal/table.ts'
import { testTerminal } from '../support/terminal.ts'

const headings = ['NUMBER', 'BY', 'REFERENCE']
const rows = [
  ['4355550105', 'ann@desk', 'the main line of the office in Park City, and of its branch'],
  ['4355550110', 'bob', ''],
]
const details = [['uncertain, it may still take effect; so far it is not assigned']]

function printed(width: number): string[] {
  const terminal = testTerminal(undefined, width)
  printTable(terminal, headings, rows, details)
  return terminal.lines
}

describe('a table', () => {
  test('where nobody looks, or all of it fits, is a line a row', () => {
    const whole = [
      'NUMBER      BY        REFERENCE',
      '4355550105  ann@desk  the main line of the office in Park City, and of its branch',
      '    uncertain, it may still take effect; so far it is not assigned',
      '4355550110  bob',
    ]
    expect(printed(Number.POSITIVE_INFINITY)).toEqual(whole)
    expect(printed(81)).toEqual(whole)
  })

  test('on a narrow terminal has below each row what does not fit, named and whole', () => {
    expect(printed(80)).toEqual([
      'NUMBER      BY',
      '4355550105  ann@desk',
      '    REFERENCE the main line of the office in Park City, and of its branch',
      '    uncertain, it may still take effect; so far it is not assigned',
      '4355550110  bob',
    ])
    expect(printed(40)).toEqual([
      'NUMBER      BY',
      '4355550105  ann@desk',
      '    REFERENCE the main line of the',
      '    office in Park City, and of its',
      '    branch',
      '    uncertain, it may still take effect;',
      '    so far it is not assigned',
      '4355550110  bob',
    ])
  })

  test('cuts no number, however narrow the terminal', () => {
    expect(printed(8).filter((line) => line.startsWith('435'))).toEqual(['4355550105', '4355550110'])
    expect(printed(8)).toContain('    ann@desk')
  })

  test('holds no character that moves the cursor or hides', () => {
    const terminal = testTerminal()
    printTable(terminal, ['A', 'B'], [['x\u001b[2J\ny', 'z\u202e']])
    expect(terminal.lines).toEqual(['A       B', 'x[2J y  z'])
  })
})
