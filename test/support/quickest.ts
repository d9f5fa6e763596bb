/** Milliseconds of the quickest of a few runs: what is compared with another figure of the same process. */
export function quickest(run: () => unknown): number {
  const times = Array.from({ length: 4 }, () => {
    const begun = performance.now()
    run()
    return performance.now() - begun
  })
  return Math.min(...times)
}
