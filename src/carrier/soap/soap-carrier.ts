import type { BeyondReads } from '../beyond.ts'
import type { Carrier, Count, Did, DidParam, Listed, Locator, Turn, WriteAnswer, WriteCall } from '../carrier.ts'
import type { Port, PortDid } from '../porting.ts'
import { type AskCall, asker } from './ask.ts'
import { notAnAnswer, wordsOf } from './decode.ts'
import type { Arguments } from './encode.ts'
import { beyondReads, beyondWrites } from './methods-beyond.ts'
import * as requests from './methods-sent.ts'
import type { SoapCarrierOptions } from './options.ts'
import type { OperationName } from './wsdl.ts'

/**
 * The carrier over SOAP. Cheap to make: `soap` is loaded at the first call. The secret stays in here, and errors are
 * made afresh, without a cause.
 *
 * What a caller's own `row` throws ends the call and is rethrown as it is.
 */
export function createSoapCarrier(options: SoapCarrierOptions): Carrier {
  const ask = asker(options)

  const list = async <Item>(
    operation: OperationName,
    build: () => Arguments,
    row: (item: Item) => void,
    call: AskCall,
  ): Promise<Listed> => {
    const answer = await ask(operation, build, call, (read, hand) => {
      // 101200: the dummy that stands for an account without numbers (docs/carrier.md, section 4, point 2).
      if (operation === 'auditDIDs' && read.tn === undefined) return read.statusCode === 101200
      hand(() => row(read as unknown as Item))
      return true
    })
    return besides(answer)
  }

  const write = async (
    operation: 'reserveDID' | 'assignDID' | 'configDID' | 'releaseDID',
    build: (params: readonly DidParam[]) => Arguments,
    params: readonly DidParam[],
    { prepare, ...others }: WriteCall,
  ): Promise<WriteAnswer> => {
    const call: AskCall = { ...others, prepare: prepare && (async (turn) => build(await prepare(reads({ turn })))) }
    const answer = await ask(operation, () => build(params), call)
    // Two rows about one number, one of them odd, say nothing of it.
    const odd = new Set(answer.odd.map(({ tn }) => tn))
    const dids = answer.rows.filter(({ tn }) => !odd.has(tn)) as unknown as Did[]
    return { code: answer.code, ...besides(answer), dids }
  }

  const reads = (under: Pick<AskCall, 'turn'>): Turn & BeyondReads => ({
    ...beyondReads(ask, under),

    auditDIDs: (row: (did: Did) => void, call) => list('auditDIDs', () => ({}), row, { ...call, ...under }),

    async queryDID(tn, call) {
      const answer = await ask('queryDID', () => requests.queryArguments(tn), { ...call, ...under })
      if (answer.code === 101) return { tn, code: 101, ...wordsOf(answer) }
      const [row] = answer.rows
      if (answer.unreadable) {
        throw notAnAnswer(`about ${tn} has a row that cannot be read: ${answer.unreadable.rows[0]}`)
      }
      if (!row || answer.rows.length > 1) throw notAnAnswer(`has ${answer.rows.length} DIDs where one was asked for`)
      const did = row as unknown as Did
      // 102420: the dummy that stands for a number nobody knows.
      if (did.statusCode === 102420 && (did.tn === undefined || did.tn === tn)) {
        return { tn, code: 102420, ...wordsOf(answer) }
      }
      if (did.tn !== tn) throw notAnAnswer('is about another number')
      return { tn, code: did.statusCode, did, ...wordsOf(answer) }
    },
  })

  return {
    account: options.account,
    ...reads({}),

    getDIDs: (criteria, row: (locator: Locator) => void, call) =>
      list('getDIDs', () => requests.searchArguments({ ...criteria, orderby: undefined }), row, call),

    getDIDCount: (criteria, row: (count: Count) => void, call) =>
      list('getDIDCount', () => requests.searchArguments(criteria), row, call),

    async isPortable(tn, call) {
      const answer = await ask('isPortable', () => requests.portabilityArguments(tn), call)
      const found = answer.code === 100
      if (found && answer.portable === undefined) throw notAnAnswer('does not say whether the number is portable')
      return {
        tn,
        portable: found && answer.portable === true,
        code: answer.code,
        ...wordsOf(answer),
      }
    },

    async getPortDetails(portId, call) {
      const answer = await ask('getPortDetails', () => requests.portArguments(portId), call)
      // An order that is not known comes as none, or as an empty one with id 0 (section 4, point 6).
      if (answer.code === 101 || answer.port === undefined || answer.port.id === 0) return besides(answer)
      if (answer.port.id !== portId) throw notAnAnswer('is about another order')
      const order = answer.port as unknown as Omit<Port, 'dids'>
      return { port: { ...order, dids: answer.rows as unknown as PortDid[] }, ...besides(answer) }
    },

    reserveDID: (params, call) =>
      write('reserveDID', (these) => requests.paramArguments('reserveDID', these), params, call),
    assignDID: (params, call) =>
      write('assignDID', (these) => requests.paramArguments('assignDID', these), params, call),
    configDID: (params, call) =>
      write('configDID', (these) => requests.paramArguments('configDID', these), params, call),
    releaseDID: (params, call) => write('releaseDID', requests.releaseArguments, params, call),

    ...beyondWrites(ask, reads),

    async close() {
      ask.close()
    },
  }
}

/** What an answer says besides what was asked. */
function besides({ unreadable, ...answer }: Listed): Listed {
  return { ...wordsOf(answer), ...(unreadable && { unreadable }) }
}
