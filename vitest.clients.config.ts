import { defineConfig } from 'vitest/config'
import config from './vitest.config.ts'

/** Real clients, some of which npm fetches: the first run needs the registry. */
export default defineConfig({
  ...config,
  test: {
    ...config.test,
    include: ['test/real-clients/**/*.test.ts'],
    exclude: [],
    testTimeout: 60_000,
    // The inspector and its Node are 300 MB.
    hookTimeout: 600_000,
  },
})
