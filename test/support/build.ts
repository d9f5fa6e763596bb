import { execFileSync } from 'node:child_process'

/** Tests that start the program start the built one, so it is built anew before any of them runs. */
export default function setup(): void {
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' })
}
