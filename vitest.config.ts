import { defineConfig } from 'vitest/config'

export default defineConfig({
  define: { DID_MCP_VERSION: JSON.stringify('0.0.0-test') },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/real-clients/**', 'test/crash/**'],
    globalSetup: ['test/support/build.ts'],
    // Left to itself it leaves a core idle, of the two that a small machine has.
    maxWorkers: '100%',
    testTimeout: 20_000,
  },
})
