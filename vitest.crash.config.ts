import { defineConfig } from 'vitest/config'
import config from './vitest.config.ts'

/** What takes longer than `npm test` may: processes that are killed at every step, and faults times tools. */
export default defineConfig({
  ...config,
  test: { ...config.test, include: ['test/crash/**/*.test.ts'], exclude: [], testTimeout: 60_000 },
})
