import { defineConfig } from 'vitest/config'
import config from './vitest.config.ts'

/** What an inner loop wants: all that starts no program and looks at no machine. `npm test` has the rest. */
export default defineConfig({
  ...config,
  test: {
    ...config.test,
    exclude: [
      ...(config.test?.exclude ?? []),
      'test/app/**',
      'test/commands/**',
      'test/doctor/**',
      'test/terminal/**',
      'test/docs/**',
      'test/packaging/**',
      'test/{arrows,laws}.test.ts',
      'test/stack.test.ts',
      'test/transports/**',
      'test/journal/{postgres,sqlite}/**',
      'test/journal/{adopt,database}.test.ts',
    ],
    globalSetup: [],
  },
})
