import { describe, expect, test } from 'vitest'
import { judgeNoConnection } from '../../src/doctor/check-tcp.ts'

describe('no connection', () => {
  const closed = 'Nothing listens on that port: check DID_MCP_ENDPOINT.'
  const judge = (code: string, name: string, proxy = '') =>
    judgeNoConnection(code, { host: name.replace(/[[\]]/g, ''), name, port: 8443, call: 'node main.js', proxy })

  test('a closed port is no firewall', () => {
    const what = 'no connection to carrier.example:8443 (ECONNREFUSED)'
    expect(judge('ECONNREFUSED', 'carrier.example')).toEqual({ verdict: 'failed', what, next: closed })
    expect(judge('ECONNREFUSED', 'carrier.example', ' HTTPS_PROXY is set.').next).toBe(`${closed} HTTPS_PROXY is set.`)
  })

  test.each(['127.0.0.1', 'localhost', '[::1]'])('on %s it is the sandbox’s perhaps', (name) => {
    expect(judge('ECONNREFUSED', name)).toMatchObject({
      next: `${closed} If it is the sandbox, is it running? This starts it:`,
      run: 'node main.js sandbox --port 8443',
    })
  })

  test.each(['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'])('%s may be one', (code) => {
    expect(judge(code, 'carrier.example', ' HTTPS_PROXY is set.')).toEqual({
      verdict: 'failed',
      what: `no connection to carrier.example:8443 (${code})`,
      next: 'A firewall may be in the way: let this machine connect to port 8443. HTTPS_PROXY is set.',
    })
  })
})
