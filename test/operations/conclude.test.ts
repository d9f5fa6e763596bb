import { describe, expect, test } from 'vitest'
import type { Facts, Settings } from '../../src/domain/facts.ts'
import type { WriteTool } from '../../src/domain/write-tool.ts'
import { conclude, type SeenNumber } from '../../src/operations/conclude.ts'

const sees = (facts: Facts): SeenNumber => ({ facts, none: false })

const before: Facts = { status: 'yours', epg: 8674, tier: '2', has911: true, cnam: false, refId: 'front desk' }
const asked: Settings = { epg: 8675, cnam: true, refId: 'front desk' }
const sights = {
  asAsked: sees({ ...before, epg: 8675, cnam: true }),
  asBefore: sees(before),
  different: sees({ ...before, epg: 13550 }),
  held: sees({ status: 'reserved', tier: '2' }),
  available: sees({ status: 'available', tier: '2' }),
  taken: sees({ status: 'taken' }),
  none: { facts: { status: 'unknown' }, none: true } satisfies SeenNumber,
  unreadable: sees({ status: 'unknown' }),
}

const available: Facts = { status: 'available', tier: '2' }
const held: Facts = { status: 'reserved', tier: '2' }

type Row = [WriteTool, Facts, keyof typeof sights, 'done' | 'failed' | 'uncertain', 'now' | 'quiet' | 'audit']

const table: Row[] = [
  ['reserveDID', available, 'held', 'done', 'now'],
  ['reserveDID', available, 'available', 'failed', 'quiet'],
  ['reserveDID', available, 'asAsked', 'failed', 'quiet'],
  ['reserveDID', available, 'taken', 'failed', 'quiet'],
  ['reserveDID', available, 'none', 'uncertain', 'now'],
  ['reserveDID', available, 'unreadable', 'uncertain', 'now'],

  ['assignDID', available, 'asAsked', 'done', 'now'],
  ['assignDID', held, 'asAsked', 'done', 'now'],
  ['assignDID', available, 'different', 'uncertain', 'now'],
  ['assignDID', available, 'available', 'failed', 'quiet'],
  ['assignDID', held, 'held', 'failed', 'quiet'],
  ['assignDID', held, 'available', 'failed', 'quiet'],
  ['assignDID', available, 'taken', 'failed', 'quiet'],
  ['assignDID', available, 'none', 'uncertain', 'now'],
  ['assignDID', available, 'unreadable', 'uncertain', 'now'],

  ['configDID', before, 'asAsked', 'done', 'now'],
  ['configDID', before, 'asBefore', 'failed', 'quiet'],
  ['configDID', before, 'different', 'uncertain', 'now'],
  ['configDID', before, 'available', 'failed', 'quiet'],
  ['configDID', before, 'held', 'failed', 'quiet'],
  ['configDID', before, 'taken', 'failed', 'quiet'],
  ['configDID', before, 'none', 'uncertain', 'now'],
  ['configDID', before, 'unreadable', 'uncertain', 'now'],

  ['releaseDID', before, 'available', 'done', 'now'],
  ['releaseDID', before, 'taken', 'done', 'now'],
  ['releaseDID', before, 'asBefore', 'failed', 'quiet'],
  ['releaseDID', before, 'different', 'uncertain', 'now'],
  ['releaseDID', before, 'held', 'uncertain', 'now'],
  ['releaseDID', before, 'none', 'done', 'audit'],
  ['releaseDID', before, 'unreadable', 'uncertain', 'now'],
  ['releaseDID', held, 'available', 'done', 'now'],
  ['releaseDID', held, 'taken', 'done', 'now'],
  ['releaseDID', held, 'held', 'failed', 'quiet'],
  ['releaseDID', held, 'none', 'uncertain', 'now'],
  ['releaseDID', held, 'asAsked', 'uncertain', 'now'],
]

describe('what a query may conclude about an unread write', () => {
  test.each(table)('%s of %o, now %s: %s, %s', (tool, was, sight, outcome, when) => {
    const told = tool === 'releaseDID' || tool === 'reserveDID' ? {} : asked
    expect(conclude(tool, told, was, sights[sight])).toMatchObject({ outcome, when })
  })

  test('nothing is called failed before nothing can land any more', () => {
    expect(table.filter(([, , , outcome, when]) => outcome === 'failed' && when !== 'quiet')).toEqual([])
  })

  test('a configuration that left the account is said loudly', () => {
    expect(conclude('configDID', asked, before, sights.available).seen).toMatch(/has left the account/)
  })

  test('an assignment asked without CNAM or reference is as asked whatever they are', () => {
    expect(conclude('assignDID', { epg: 8674 }, available, sights.asBefore)).toMatchObject({ outcome: 'done' })
  })
})
