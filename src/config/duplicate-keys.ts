/**
 * Finds the keys that stand more than once in one object of a JSON document, each by its path; JSON.parse keeps the last of
 * them without a word.
 *
 * @param json a text that JSON.parse reads
 */
export function duplicateKeys(json: string): string[] {
  const twice = new Set<string>()
  const above: { seen: Set<string>; key: string }[] = []
  for (const [token, key] of json.matchAll(keyOrBracket)) {
    if (token === '{' || token === '[') above.push({ seen: new Set(), key: '' })
    if (token === '}' || token === ']') above.pop()
    const object = above.at(-1)
    if (key === undefined || object === undefined) continue
    object.key = JSON.parse(key)
    if (object.seen.has(object.key)) twice.add(above.flatMap((one) => one.key.slice(0, 60) || []).join('.'))
    object.seen.add(object.key)
  }
  return [...twice]
}

/**
 * A pattern for keys and brackets. A string with a colon behind it is a key; one without is passed over, with whatever
 * brackets it holds.
 */
const keyOrBracket = /("[^"\\]*(?:\\.[^"\\]*)*")\s*:|"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]]/g
