import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { clientKeys } from '../../src/mcp/client-keys.ts'
import { parseInput } from '../../src/mcp/input.ts'
import { tools } from '../../src/tools/index.ts'
import { openStage, textOf } from '../support/stage.ts'

const [a, b] = ['4355550105', '4355550106']

function toolOf(name: string) {
  const tool = tools.find((one) => one.name === name)
  if (tool === undefined) throw new Error(`no tool ${name}`)
  return tool
}

const read = (name: string, args: unknown) => parseInput(toolOf(name), args)

describe('what can mean one thing only', () => {
  test.each<[tool: string, given: unknown, meant: object]>([
    // Nothing said: Codex, OpenAI Agents, LangChain, Cursor, Goose.
    ['getDIDs', { state: 'UT', npa: null, cursor: '' }, { state: 'UT' }],
    ['getDIDs', { state: 'UT', t38: '', limit: '', network: '', lata: null }, { state: 'UT' }],
    ['getDIDCount', { npa: '435', orderby: '' }, { npa: '435' }],
    ['auditDIDs', null, {}],
    ['auditDIDs', undefined, {}],
    ['auditDIDs', { filter: null, limit: null, cursor: null }, {}],
    ['auditDIDs', { filter: '' }, {}],
    ['auditDIDs', { filter: { npa: '', has911: null, state: 'UT' } }, { filter: { state: 'UT' } }],
    ['listOperations', { tn: '', tool: null, since: '', status: '' }, {}],
    ['assignDID', { didParams: [a], epg: 8674, confirmation: '', reason: '' }, { didParams: [{ tn: a }], epg: 8674 }],
    ['configDID', { didParams: [a], epg: null, cnam: true }, { didParams: [{ tn: a }], cnam: true }],
    ['configDID', { didParams: [{ tn: a, epg: null, cnam: '' }], epg: 7 }, { didParams: [{ tn: a }], epg: 7 }],
    // Empty is a value where something is emptied or looked for.
    ['configDID', { didParams: [a], refId: '' }, { didParams: [{ tn: a }], refId: '' }],
    ['configDID', { didParams: [{ tn: a, refId: '' }] }, { didParams: [{ tn: a, refId: '' }] }],
    ['configDID', { didParams: [a], refId: null, epg: 7 }, { didParams: [{ tn: a }], epg: 7 }],
    ['auditDIDs', { filter: { refId: '' } }, { filter: { refId: '' } }],
    // One for a list of one, and lists and objects as JSON text.
    ['queryDID', { did: a }, { did: [a] }],
    ['queryDID', { did: '435-555-0105' }, { did: [a] }],
    ['queryDID', { did: '["4355550105"]' }, { did: [a] }],
    ['queryDID', { did: ' ["4355550105", 4355550106] ' }, { did: [a, b] }],
    ['queryDID', { did: [{ tn: a }, b] }, { did: [a, b] }],
    ['queryDID', '{"did":"4355550105"}', { did: [a] }],
    ['isPortable', { tn: a }, { tn: [a] }],
    ['releaseDID', { didParams: a }, { didParams: [a] }],
    ['releaseDID', { didParams: [{ tn: a, epg: null, refId: '' }] }, { didParams: [a] }],
    ['reserveDID', { didParams: a }, { didParams: [{ tn: a }] }],
    ['reserveDID', { didParams: { tn: a, epg: '7' } }, { didParams: [{ tn: a, epg: 7 }] }],
    ['reserveDID', { didParams: '{"tn":"4355550105"}' }, { didParams: [{ tn: a }] }],
    ['reserveDID', { didParams: '["4355550105",{"tn":4355550106}]' }, { didParams: [{ tn: a }, { tn: b }] }],
    ['reserveDID', { didParams: ['{"tn":"4355550105"}', b] }, { didParams: [{ tn: a }, { tn: b }] }],
    ['auditDIDs', { filter: '{"npa":435}' }, { filter: { npa: '435' } }],
    // Digits as numbers, numbers as digits: LM Studio, Copilot, command lines.
    ['queryDID', { did: 4355550105 }, { did: [a] }],
    ['queryDID', { did: [14355550105, b] }, { did: [a, b] }],
    ['getDIDs', { npa: 435, tier: 0, lata: 660, limit: '5' }, { npa: '435', tier: '0', lata: '660', limit: 5 }],
    ['auditDIDs', { filter: { endpointId: '8674', has911: 'false' } }, { filter: { endpointId: 8674, has911: false } }],
    ['getPortDetails', { portId: '70001' }, { portId: 70001 }],
    [
      'assignDID',
      { didParams: [a], epg: '8674', cnam: 'True', refId: 12345 },
      { didParams: [{ tn: a }], epg: 8674, cnam: true, refId: '12345' },
    ],
  ])('%s %j', (tool, given, meant) => {
    expect(read(tool, given)).toEqual(meant)
  })

  test.each([...clientKeys])('a key %s, which %s adds, is dropped', (key) => {
    for (const value of [true, null, 'x', { deep: [1] }])
      expect(read('queryDID', { did: a, [key]: value })).toEqual({ did: [a] })
  })
})

describe('what may mean another thing', () => {
  test.each<[tool: string, given: unknown, words: string]>([
    [
      'assignDID',
      { didParams: [a], endpointgroup: 8674 },
      'endpointgroup is not known (known: didParams, epg, cnam, refId, reason, confirmation',
    ],
    ['assignDID', { didParams: [a], epg: 8674, Reason: null }, 'Reason is not known'],
    ['reserveDID', { didParams: [{ tn: a, sessionId: 'x' }] }, 'didParams[0].sessionId is not known'],
    ['queryDID', { did: `${a}, ${b}` }, 'did[0]: "4355550105, 4355550106" is not a telephone number'],
    ['queryDID', { did: '["4355550105"' }, 'did[0]: "[\\"4355550105\\"" is not'],
    ['queryDID', { did: '' }, 'did is missing: a list of telephone numbers is needed'],
    ['queryDID', { did: null }, 'did is missing: a list of telephone numbers is needed'],
    ['queryDID', { did: [a, null] }, 'did[1]: expected a telephone number, got null'],
    ['queryDID', { did: 435555010.5 }, 'did[0]: expected a telephone number, got 435555010.5'],
    ['queryDID', { did: -4355550105 }, 'did[0]: expected a telephone number, got -4355550105'],
    ['releaseDID', { didParams: [{ tn: a, epg: 7 }] }, 'didParams[0]: expected a telephone number, got an object'],
    ['getDIDs', { npa: '435', limit: '5.0' }, 'limit: expected a whole number, got "5.0" (it may be left out)'],
    ['getDIDs', { npa: '435', limit: '٥' }, 'limit: expected a whole number, got "٥" (it may be left out)'],
    ['getDIDs', { npa: '435', t38: 'yes' }, 't38: expected true or false, got "yes" (it may be left out)'],
    ['getDIDs', { npa: 25 }, 'npa: expected three digits, got "25" (it may be left out)'],
    ['auditDIDs', { filter: '["435"]' }, 'filter: expected an object, got "["435"]" (it may be left out)'],
    ['auditDIDs', ['435'], 'the arguments: expected an object, got a list of 1'],
  ])('%s %j', (tool, given, words) => {
    expect(() => read(tool, given)).toThrow(words)
  })

  test('each argument that is wrong is named, and that it may be left out', () => {
    const names = Object.keys(toolOf('getDIDs').input.shape)
    const wrong = Object.fromEntries(names.map((name) => [name, { no: 'such thing' }]))
    for (const name of names) expect(() => read('getDIDs', wrong)).toThrow(`${name}: expected `)
    let message = ''
    try {
      read('getDIDs', wrong)
    } catch (error) {
      message = (error as Error).message
    }
    expect(message.match(/\(it may be left out\)/g)).toHaveLength(names.length)
  })

  test('of everything being null the search says what it needs', () => {
    const none = Object.fromEntries(Object.keys(toolOf('getDIDs').input.shape).map((name) => [name, null]))
    expect(() => read('getDIDs', none)).toThrow('at least one criterion is needed: state, lata, rateCenter')
  })
})

test('nothing that the schema takes is read as anything else', () => {
  const digits = fc.stringMatching(/^[2-9][0-9]{2}[2-9][0-9]{6}$/)
  const item = fc.record(
    {
      tn: digits,
      epg: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      cnam: fc.boolean(),
      refId: fc.stringMatching(/^[ -~]{0,64}$/),
    },
    { requiredKeys: ['tn'] },
  )
  const call = fc.record(
    {
      didParams: fc.uniqueArray(item, { minLength: 1, maxLength: 5, selector: ({ tn }) => tn }),
      epg: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      refId: fc.stringMatching(/^[ -~]{0,64}$/),
    },
    { requiredKeys: ['didParams'] },
  )
  const tool = toolOf('reserveDID')
  fc.assert(
    fc.property(call, (args) => {
      const strict = tool.input.safeParse(args)
      fc.pre(strict.success)
      expect(parseInput(tool, args)).toEqual(strict.data)
      expect(parseInput(tool, JSON.stringify(args))).toEqual(strict.data)
      expect(parseInput(tool, { ...args, didParams: JSON.stringify(args.didParams) })).toEqual(strict.data)
    }),
    { numRuns: 100 },
  )
})

describe('through a client', () => {
  const stagePromise = openStage()
  afterAll(async () => (await stagePromise).close())

  test('a write reaches the door as it was meant', async () => {
    const stage = await stagePromise
    const didParams = '[{"tn":"435-555-0105","epg":null},"(435) 555-0106"]'
    await stage.call('assignDID', { didParams, epg: '8674', refId: '', confirmation: null, wait_for_previous: true })
    expect(stage.writes.map(({ request }) => request)).toEqual([
      {
        tool: { name: 'assignDID', effect: 'spend' },
        rows: [
          { tn: a, epg: 8674, refId: '' },
          { tn: b, epg: 8674, refId: '' },
        ],
        reason: undefined,
        confirmation: undefined,
      },
    ])
  })

  test('a number as everybody types it is answered', async () => {
    const stage = await stagePromise
    const answer = await stage.call('queryDID', { did: '435-555-0105', task_progress: '- [x] asked' })
    expect(answer.structuredContent).toMatchObject({ results: [{ tn: a }] })
    expect(textOf(answer)).toContain(a)
  })
})
