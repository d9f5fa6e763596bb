import { describe, expect, it } from 'vitest'
import { sandbox as command } from '../../src/commands/sandbox.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/service.ts'
import { post } from '../sandbox/support/callers.ts'

describe('did-mcp sandbox', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`says where it is, serves, and ends at ${signal}`, async () => {
      let ended = Promise.resolve()
      const text = await new Promise<string>((said) => {
        ended = command({ port: 0, owned: 7 }, said)
      })
      const endpoint = /endpoint\s+(http:\S+)/.exec(text)?.[1] ?? ''
      expect(text).toContain(`WSDL             ${endpoint}?wsdl`)
      expect(text).toMatch(/login {12}sandbox\n {2}secret {11}sandbox\n {2}endpoint groups {2}8674, 8675, 13550\n/)
      expect(text).toMatch(/owned numbers {4}7\n/)
      expect(text).toMatch(/ {2}0190 {2}assigned to another company\n(.*\n){8} {2}0199 {2}HTTP 503/)
      const description = { operation: '', method: 'GET', body: '', path: `${new URL(endpoint).pathname}?wsdl` }
      expect(await post({ endpoint } as Sandbox, description)).toMatchObject({ status: 200 })

      process.emit(signal)
      await ended
      expect(await post({ endpoint } as Sandbox, description)).toEqual({ body: '', error: 'ECONNREFUSED' })
    })
  }

  it('says plainly that its port is taken, or that nobody owns so many', async () => {
    const other = await startSandbox()
    const port = Number(new URL(other.endpoint).port)
    await expect(command({ port, owned: 25 }, () => {})).rejects.toThrow(
      `Port ${port} is taken. Choose another with --port, or leave it out.`,
    )
    await other.close()
    await expect(command({ port: 0, owned: 600_000 }, () => {})).rejects.toThrow(
      'An account of this sandbox owns 0 to 500000 numbers, not 600000.',
    )
  })
})
