import type { Did, Queried, Turn, WriteAnswer } from '../../../src/carrier/carrier.ts'
import type { DidWriteTool } from '../../../src/domain/write-tool.ts'
import type { PutForm } from '../../../src/mcp/elicit.ts'
import type { FormAnswer } from '../../../src/operations/door.ts'
import type { Rig } from '../../support/rig.ts'

/** A person in front of the client who answers when told. */
export function person() {
  let answer: (typed: FormAnswer) => void = () => undefined
  let asked: () => void = () => undefined
  const wasAsked = new Promise<void>((resolve) => {
    asked = resolve
  })
  const lines: string[] = []
  const put: PutForm = (form) => {
    lines.push(...form.lines)
    asked()
    return new Promise((resolve) => {
      answer = resolve
    })
  }
  return { put, lines, wasAsked, says: (typed: FormAnswer) => answer(typed) }
}

/** A person who types this after `thinking`. */
export function typing(typed: string, thinking: () => void = () => undefined): PutForm {
  return async () => {
    thinking()
    return { ended: 'answered', typed }
  }
}

/** From here on the carrier answers queries otherwise, those under a write's turn too. */
export function reads(rig: Rig, change: (queried: Queried) => Queried | Promise<Queried>): void {
  queriesBy(
    rig,
    (queryDID) =>
      async (...args) =>
        change(await queryDID(...args)),
  )
}

/** From here on every query goes this way, those under a write's turn too. */
export function queriesBy({ carrier }: Rig, way: (queryDID: Turn['queryDID']) => Turn['queryDID']): void {
  carrier.queryDID = way(carrier.queryDID)
  for (const tool of ['reserveDID', 'assignDID', 'configDID', 'releaseDID'] as const) {
    const write = carrier[tool]
    carrier[tool] = (params, { prepare, ...call }) =>
      write(params, { ...call, prepare: prepare && ((turn) => prepare({ ...turn, queryDID: way(turn.queryDID) })) })
  }
}

/** From here on the carrier answers this write otherwise; what it does stays. */
export function answers(rig: Rig, tool: DidWriteTool, change: (answer: WriteAnswer) => WriteAnswer): void {
  const write = rig.carrier[tool]
  rig.carrier[tool] = async (...args) => change(await write(...args))
}

/** The same, of each row of the answer. */
export function answersRows(rig: Rig, tool: DidWriteTool, change: (did: Did) => Did): void {
  answers(rig, tool, (answer) => ({ ...answer, dids: answer.dids.map(change) }))
}
