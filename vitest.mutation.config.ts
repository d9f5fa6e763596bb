import { defineConfig } from 'vitest/config'
import config from './vitest.config.ts'

/** The tests that a mutant of a pure rule must not survive: tables and properties, without a process or a carrier. */
export default defineConfig({
  ...config,
  test: {
    ...config.test,
    include: ['test/policy/**/*.test.ts', 'test/operations/conclude.test.ts', 'test/carrier/outcomes.test.ts'],
    globalSetup: [],
  },
})
