import { expect, test, vi } from 'vitest'
import { thisMachine } from '../../src/config/machine.ts'

test.runIf(process.platform === 'linux')('on Linux the state lies where XDG puts it', () => {
  vi.stubEnv('XDG_STATE_HOME', '/var/xdg')
  const { stateDir, systemPolicyPath } = thisMachine()
  vi.unstubAllEnvs()
  expect({ stateDir, systemPolicyPath }).toEqual({
    stateDir: '/var/xdg/did-mcp',
    systemPolicyPath: '/etc/did-mcp/policy.json',
  })
})
