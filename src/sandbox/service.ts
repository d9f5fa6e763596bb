import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import { isBeyond, namespace, type OperationName, operations, wsdl } from '../carrier/soap/wsdl.ts'
import { beyondAnswers, beyondEnvelope } from './answers-beyond.ts'
import { endpointGroups } from './catalogue.ts'
import { deliver } from './delivery.ts'
import { unprocessed } from './dialects.ts'
import { type Fault, type FaultName, faults } from './faults.ts'
import { openFront, path, sendFault } from './front.ts'
import { createInventory, type Inventory, type InventoryOptions } from './inventory.ts'
import {
  answers,
  envelope,
  type House,
  isRecord,
  type MethodAnswer,
  type MethodArguments,
  numbersOf,
  paramsOf,
  stillHeld,
  text,
  unknownError,
} from './methods.ts'
import type { RowSchema } from './replies.ts'
import { createSchedule } from './schedule.ts'
import { faultOf, writes } from './test-lines.ts'

export interface SandboxOptions extends InventoryOptions {
  /** Default 0: the system chooses. */
  port?: number | undefined
  /** Added to every answer. Default 0. */
  latencyMs?: number | undefined
  /** How long a slow answer takes (line 0194). Default 5000. */
  slowMs?: number | undefined
  /** The time after which late effects happen, milliseconds. Default as each has it: 3000, line 0187 6000. */
  lateMs?: number | undefined
  /** The service's shapes. Default full. */
  schema?: RowSchema | undefined
}

/** The embedded carrier: a SOAP service on loopback with an account of its own. Its state lives as long as it does. */
export interface Sandbox {
  readonly endpoint: string
  readonly login: 'sandbox'
  readonly secret: 'sandbox'
  /** One identity a running sandbox. */
  readonly instance: string
  readonly endpointGroups: readonly number[]
  readonly inventory: Inventory
  /** What passed the guards, in order of arrival: at least the last 100,000. */
  readonly calls: readonly SandboxCall[]
  /** Lets calls that are still to come go wrong. Goes before what a test line does, and not before the login. */
  inject(fault: InjectedFault): void
  /** Forgets what was injected and not met yet. */
  mend(): void
  /** Resolves when no late effect is outstanding. */
  landed(): Promise<void>
  /** Lets late effects and slow answers happen at once. */
  landNow(): void
  /** Ends every connection and timer at once; what was still to take effect does not. */
  close(): Promise<void>
}

export interface SandboxCall {
  /** Epoch ms, by the sandbox's clock. */
  at: number
  operation: OperationName
  /** Every number that the request names. */
  tns: readonly string[]
  /** The parameters: of a write its DIDParams, else the one set of elements, as they stood on the wire; without credentials. */
  params: readonly MethodArguments[]
  /** Whether any number's state changed, or what was asked was put off. */
  effect: 'none' | 'applied' | 'late'
  fault?: FaultName
}

export interface InjectedFault {
  name: FaultName
  /** Default any. */
  operation?: OperationName | undefined
  /** How many calls. Default 1. */
  times?: number | undefined
}

/** @throws RangeError where `owned` is out of range; the system's error where the port cannot be had. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { now = Date.now, latencyMs = 0, slowMs = 5_000, schema = 'full' } = options
  const inventory = createInventory(options)
  const house = { inventory, schema }
  const effects = createSchedule()
  const schedule = createSchedule()
  const injected: InjectedFault[] = []
  const calls: SandboxCall[] = []

  const record = (call: SandboxCall): void => {
    calls.push(call)
    if (calls.length >= 2 * callsKept) calls.splice(0, callsKept)
  }

  /** The next injected fault for the operation, used up. */
  const nextInjected = (operation: OperationName): FaultName | undefined => {
    const at = injected.findIndex((one) => one.operation === undefined || one.operation === operation)
    const found = injected[at]
    if (found === undefined) return undefined
    const times = (found.times ?? 1) - 1
    injected.splice(at, 1, ...(times > 0 ? [{ ...found, times }] : []))
    return found.name
  }

  const make = (operation: OperationName, args: MethodArguments): Made => {
    const tns = numbersOf(args)
    const { login, secret, ...rest } = args
    const isWrite = writing.has(operation)
    const call = { at: now(), operation, tns, params: isWrite && !isBeyond(operation) ? paramsOf(args) : [rest] }
    if (text(args, 'login') !== credentials.login || text(args, 'secret') !== credentials.secret) {
      record({ ...call, effect: 'none' })
      return { answer: enveloped(operation, 902, schema) }
    }
    const name = nextInjected(operation) ?? faultOf(operation, tns)
    const fault: Fault | undefined = name && faults[name]
    const answer = answerWith(operation, args, fault)
    const effect = answer.changed ? 'applied' : isWrite && fault?.effect === 'late' ? 'late' : 'none'
    record({ ...call, effect, ...(name && { fault: name }) })
    return { answer, fault }
  }

  const answerWith = (operation: OperationName, args: MethodArguments, fault: Fault | undefined): MethodAnswer => {
    const act = () => (isBeyond(operation) ? beyondAnswers[operation](args, house) : answers[operation](args, house))
    if (fault?.effect === 'late' && writing.has(operation)) effects.after(options.lateMs ?? fault.lateMs ?? 3_000, act)
    return (fault && withoutActing(operation, args, house, fault)) ?? act()
  }

  const soap = await soapServer(make)
  const front = await openFront({
    port: options.port ?? 0,
    wsdl,
    async respond({ operation, xml, dialect }, response) {
      const made = await soap(operation, xml)
      if (latencyMs > 0) await new Promise<void>((resolve) => schedule.after(latencyMs, resolve))
      if (made === undefined) return sendFault(response, dialect, 'service', unprocessed)
      const { answer, fault } = made
      const parcel = { operation, dialect, xml: dialect.translated(made.xml), listing: answer.listing }
      await deliver(response, parcel, fault?.delivery ?? { kind: 'answer' }, { schedule, slowMs })
    },
  })

  return {
    endpoint: front.endpoint,
    ...credentials,
    instance: randomUUID(),
    endpointGroups,
    inventory,
    calls,
    inject: (fault) => void injected.push(fault),
    mend: () => void injected.splice(0),
    landed: () => effects.idle(),
    landNow() {
      effects.runNow()
      schedule.runNow()
    },
    async close() {
      effects.clear()
      schedule.clear()
      await front.close()
    },
  }
}

/** What a call was answered with, and how the answer is to go wrong. */
interface Made {
  answer: MethodAnswer
  fault?: Fault | undefined
}

const credentials = { login: 'sandbox', secret: 'sandbox' } as const

const writing = new Set<OperationName>(writes)

const callsKept = 100_000

/** What is answered where nothing is done now. `undefined`: it is done, or there is nothing to do. */
function withoutActing(
  operation: OperationName,
  args: MethodArguments,
  house: House,
  fault: Fault,
): MethodAnswer | undefined {
  const { delivery, effect } = fault
  if (delivery.kind === 'envelope') return enveloped(operation, delivery.code, house.schema)
  if (effect === 'applied' || !writing.has(operation)) return undefined
  if (delivery.kind === 'still held' && operation === 'releaseDID') return stillHeld(args, house)
  if (delivery.kind === 'unknown error' && operation === 'reserveDID') return unknownError('reserve', args, house)
  if (delivery.kind === 'unknown error' && operation === 'assignDID') return unknownError('assign', args, house)
  return enveloped(operation, 100, house.schema)
}

/** An answer without rows. */
function enveloped(operation: OperationName, code: number, schema: RowSchema): MethodAnswer {
  return isBeyond(operation) ? beyondEnvelope(operation, code) : envelope(operation, code, schema)
}

/** The server half of `soap`, without a socket: a request's text in, the envelope's text and what stands behind it out. */
async function soapServer(make: (operation: OperationName, args: MethodArguments) => Made) {
  const { Server, WSDL } = (await import('soap')).default
  const exchanges = new AsyncLocalStorage<{ made?: Made }>()
  const methods = Object.fromEntries(
    operations.map((operation) => [
      operation,
      (args: unknown) => {
        const made = make(operation, isRecord(args) ? args : {})
        const exchange = exchanges.getStore()
        if (exchange) exchange.made = made
        return { [`${operation}Result`]: made.answer.result }
      },
    ]),
  )
  const services = { APIService: { APIServiceSoap: methods, APIServiceSoap12: methods } }
  const options = { path, services, suppressStack: true }
  const description = new WSDL(wsdl(`http://127.0.0.1${path}`), '', {})
  // A reference is what was sent, with every space. Among a server's options this one is not read.
  description.options.preserveWhitespace = true
  const server = new Server(null, path, services, description, options)

  return async (operation: OperationName, xml: string) => {
    const exchange: { made?: Made } = {}
    const headers = { soapaction: namespace + operation }
    const { statusCode, body } = await exchanges.run(exchange, () => server.processRequest(xml, { headers }))
    if (exchange.made === undefined || statusCode !== 200) return undefined
    // `soap` writes xsi:nil and leaves its prefix undeclared.
    return { ...exchange.made, xml: body.replace('<soap:Envelope ', `<soap:Envelope ${xsi} `) }
  }
}

const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
