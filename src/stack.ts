import { readFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { fileURLToPath } from 'node:url'

/**
 * A stack whose places in the bundle are told as the places in the source that they were made from, so that a report of
 * an inner failure names a line of ours: `src/operations/send.ts:120:5`. A place that no map knows stays as it is.
 *
 * The maps lie beside the bundle and are read here alone, when something failed: Node's own switch for source maps reads
 * them at every start.
 */
export function sourceStack(stack: string): string {
  const maps = new Map<string, SourceMap | undefined>()
  return stack.replace(framePlace, (place: string, file: string, line: string, column: string) => {
    if (!maps.has(file)) maps.set(file, readMap(file))
    // Stacks count from 1, maps from 0.
    const origin = maps.get(file)?.findEntry(Number(line) - 1, Number(column) - 1)
    if (origin === undefined || !('originalSource' in origin)) return place
    const { originalSource, originalLine, originalColumn } = origin
    return `${originalSource.replace(/^(\.\.\/)+/, '')}:${originalLine + 1}:${originalColumn + 1}`
  })
}

const framePlace = /(file:\/\/[^\s():]*\.js):(\d{1,7}):(\d{1,7})/g

function readMap(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(file)}.map`, 'utf8')) as SourceMapPayload)
  } catch {
    return undefined
  }
}
