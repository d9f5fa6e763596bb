import type { Call } from '../asking.ts'
import type { BeyondReads, Did911, Done, Located, Location, NumberParam, Status911 } from '../beyond.ts'
import type { BeyondWrites, Turn, WriteAnswer, WriteCall } from '../carrier.ts'
import { CarrierError } from '../errors.ts'
import type { Ask, AskCall } from './ask.ts'
import { notAnAnswer, wordsOf } from './decode.ts'
import type { Arguments } from './encode.ts'
import * as requests from './methods-beyond-sent.ts'
import type { BeyondName } from './wsdl-beyond.ts'

type BeyondAnswer = Awaited<ReturnType<Ask>>

/** The reads beyond the ten, asked through `ask`; `under` is the turn of a write that they go under. */
export function beyondReads(ask: Ask, under: Pick<AskCall, 'turn'> = {}): BeyondReads {
  const one = async (operation: BeyondName, build: () => Arguments, call: Call): Promise<BeyondAnswer> => {
    const answer = await ask(operation, build, { ...call, ...under })
    if (answer.unreadable) throw notAnAnswer(`has a row that cannot be read: ${answer.unreadable.rows[0]}`)
    return answer
  }

  const located = async <Row>(operation: BeyondName, tn: string, call: Call): Promise<Located<Row>> => {
    const answer = await one(operation, () => requests.didArguments(tn), call)
    const records = answer.rows as Row[]
    if ((records as { tn?: string }[]).some((row) => row.tn !== undefined && row.tn !== tn)) {
      throw notAnAnswer('is about another number')
    }
    return { tn, code: answer.code, ...wordsOf(answer), records }
  }

  const routed = async (operation: BeyondName, tn: string, call: Call) => {
    const answer = await one(operation, () => requests.tnArguments(tn), call)
    const [row, ...more] = answer.rows
    if (more.length > 0) throw notAnAnswer(`has ${answer.rows.length} DIDs where one was asked for`)
    if (row?.tn !== undefined && row.tn !== tn) throw notAnAnswer('is about another number')
    const { failover, forward, statusCode } = row ?? {}
    const code = typeof statusCode === 'number' ? statusCode : answer.code
    return { tn, code, ...wordsOf(answer), failover, forward } as { tn: string; code: number }
  }

  return {
    async validate911(address, call) {
      const answer = await one('validate911', () => requests.addressArguments(address), call)
      // Statuses and locations are told apart by what they hold: a status has a code.
      const statuses = answer.rows.filter((row) => 'code' in row) as Status911[]
      const locations = answer.rows.filter((row) => !('code' in row)) as Location[]
      return { code: answer.code, valid: answer.code === 100, ...wordsOf(answer), statuses, locations }
    },

    query911: (tn, call) => located<Did911>('query911', tn, call),
    getLocations: (tn, call) => located<Location>('getLocations', tn, call),
    getProvisioningHistory: (tn, call) => located<Did911>('getProvisioningHistory', tn, call),

    async audit911(row, call) {
      const answer = await ask(
        'audit911',
        () => ({}),
        { ...call, ...under },
        (read, hand) => {
          hand(() => row(read as Did911))
          return true
        },
      )
      return wordsOf(answer)
    },

    async Query911Alert(tn, call) {
      const answer = await one('Query911Alert', () => requests.tnArguments(tn), call)
      return { tn, code: answer.code, ...wordsOf(answer), emails: answer.rows.map(({ email }) => String(email)) }
    },

    async GetCNAMDisplay(tn, call) {
      const answer = await one('GetCNAMDisplay', () => requests.tnArguments(tn), call)
      return { tn, code: answer.code, ...wordsOf(answer), ...(answer.name !== undefined && { name: answer.name }) }
    },

    GetDIDFailover: (tn, call) => routed('GetDIDFailover', tn, call),
    GetDIDForward: (tn, call) => routed('GetDIDForward', tn, call),

    async GetPrepaidBalance(call) {
      const { amount, ...answer } = await one('GetPrepaidBalance', () => ({}), call)
      if (amount === undefined) throw notAnAnswer('does not say the balance')
      return { amount, ...wordsOf(answer) }
    },
  }
}

/** The writes beyond the ten, each for one number; `readsUnder` makes what a write may read under its turn. */
export function beyondWrites(ask: Ask, readsUnder: (under: Pick<AskCall, 'turn'>) => Turn): BeyondWrites {
  const write =
    <Param extends NumberParam>(operation: BeyondName, build: (param: Param) => Arguments) =>
    async (params: readonly Param[], { prepare, ...others }: WriteCall<Param>): Promise<WriteAnswer<Done>> => {
      const theOne = (these: readonly Param[]): Param => {
        const [param, ...more] = these
        if (param !== undefined && more.length === 0) return param
        throw new CarrierError('argument', `${operation} takes one number at a time. Nothing was sent.`, {
          maybeSent: false,
        })
      }
      const { tn } = theOne(params)
      const call: AskCall = {
        ...others,
        prepare: prepare && (async (turn) => build(theOne(await prepare(readsUnder({ turn }))))),
      }
      return done(tn, await ask(operation, () => build(theOne(params)), call))
    }

  return {
    insert911: write('insert911', requests.locatedArguments),
    update911: write('update911', requests.locatedArguments),
    addLocation: write('addLocation', requests.locatedArguments),
    remove911: write('remove911', ({ tn }) => requests.didArguments(tn)),
    provisionLocation: write('provisionLocation', requests.provisionArguments),
    removeLocation: write('removeLocation', requests.removeLocationArguments),
    Add911Alert: write('Add911Alert', requests.alertArguments),
    Remove911Alert: write('Remove911Alert', requests.alertArguments),
    UpdateCNAMDisplay: write('UpdateCNAMDisplay', requests.nameArguments),
    RemoveCNAM: write('RemoveCNAM', ({ tn }) => requests.tnArguments(tn)),
    UpdateDIDFailover: write('UpdateDIDFailover', requests.failoverArguments),
    SetDIDForward: write('SetDIDForward', requests.forwardArguments),
    RemoveDIDForward: write('RemoveDIDForward', requests.unforwardArguments),
  }
}

/**
 * What was answered of the one number. The answer has no row for it, or one DID: one about another number, or a second one,
 * is no answer, and then the number has no row here either.
 */
function done(tn: string, answer: BeyondAnswer): WriteAnswer<Done> {
  const besides = { code: answer.code, ...wordsOf(answer), ...(answer.unreadable && { unreadable: answer.unreadable }) }
  const dids = answer.rows.filter((row) => 'endpointId' in row || 'availability' in row || isNumberRow(row))
  const strange =
    answer.unreadable !== undefined || dids.length > 1 || dids.some((row) => row.tn !== undefined && row.tn !== tn)
  if (strange) return { ...besides, dids: [] }
  const [did] = dids
  const location = answer.rows.find((row) => 'locationId' in row) as Location | undefined
  const { failover, forward, endpointId, status, statusCode = answer.code } = (did ?? {}) as Partial<Done>
  const said = { failover, forward, endpointId, status, location }
  const told = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
  return { ...besides, dids: [{ tn, statusCode, ...told }] }
}

/** A DID's row has a status code that is a number; a location's is a word. */
const isNumberRow = ({ statusCode }: { statusCode?: unknown }): boolean => typeof statusCode === 'number'
