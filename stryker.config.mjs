// What `npm run mutation` changes: the rules that decide who may do what, what a code means, and what a query may
// conclude. Of a write's file that is its `conclude`; its words and requests are tried over real SOAP, which is no work
// for a thousand mutants.
import { readFileSync } from 'node:fs'

const writes = ['reserve', 'assign', 'config', 'release'].map((name) => `src/operations/writes/${name}.ts`)

/** The lines of a write's `conclude`, from 1. */
function concluding(file) {
  const lines = readFileSync(new URL(file, import.meta.url), 'utf8').split('\n')
  const begin = lines.findIndex((line) => line.startsWith('  conclude('))
  const end = lines.indexOf('  },', begin)
  if (begin < 0 || end < 0) throw new Error(`${file} has no conclude`)
  return `${file}:${begin + 1}-${end + 1}`
}

export default {
  testRunner: 'vitest',
  // TypeScript 7 has not the interface by which Stryker would rewrite the project's configuration.
  tsconfigFile: 'none.json',
  vitest: { configFile: 'vitest.mutation.config.ts' },
  plugins: ['@stryker-mutator/vitest-runner'],
  mutate: [
    'src/policy/*.ts',
    'src/operations/writes/conclusions.ts',
    ...writes.map(concluding),
    'src/carrier/outcomes.ts',
  ],
  ignoreStatic: true,
  concurrency: 2,
  reporters: ['clear-text', 'progress'],
  clearTextReporter: { logTests: false },
  thresholds: { high: 95, low: 90, break: 80 },
  tempDirName: '.stryker',
}
