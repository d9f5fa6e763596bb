/** A line of input; one that was too long is only counted, with the id of its request where that can be read. */
export type Line = { text: string } | { dropped: number; id: string | number | undefined }

/** One MiB: a call with a thousand numbers has a fifth of it, and ten MiB of small keys take seconds to read. Bytes. */
export const mostLineBytes = 1024 * 1024

/**
 * Cuts bytes into lines and hands each to `line`, empty ones left out. Never holds more than `most` bytes, and looks at
 * each byte once however finely the input is cut.
 */
export function lineSplitter(line: (line: Line) => void, most: number): { push(chunk: Buffer): void; end(): void } {
  let chunks: Buffer[] = []
  let held = 0
  let dropped: { bytes: number; head: Buffer; tail: Buffer } | undefined

  function add(part: Buffer): void {
    if (dropped !== undefined) {
      dropped.bytes += part.length
      dropped.tail = lastBytes([dropped.tail, part])
    } else if (held + part.length > most) {
      const all = [...chunks, part]
      dropped = { bytes: held + part.length, head: firstBytes(all), tail: lastBytes(all) }
      chunks = []
      held = 0
    } else {
      chunks.push(part)
      held += part.length
    }
  }

  function finish(): void {
    if (dropped !== undefined) {
      line({ dropped: dropped.bytes, id: idIn(dropped.head.toString(), dropped.tail.toString()) })
    } else {
      const text = Buffer.concat(chunks).toString().trim()
      if (text !== '') line({ text })
    }
    chunks = []
    held = 0
    dropped = undefined
  }

  return {
    push(chunk) {
      let from = 0
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
        add(chunk.subarray(from, at))
        finish()
        from = at + 1
      }
      if (from < chunk.length) add(chunk.subarray(from))
    },
    end: finish,
  }
}

/** The bytes of either end of a dropped line that are kept for its id. */
const endBytes = 256

const firstBytes = (parts: Buffer[]): Buffer => {
  const first = parts.find((part) => part.length > 0) ?? Buffer.alloc(0)
  return Buffer.from(first.subarray(0, endBytes))
}

const lastBytes = (parts: Buffer[]): Buffer =>
  Buffer.from(Buffer.concat(parts.slice(-2).map((part) => part.subarray(-endBytes))).subarray(-endBytes))

/** The id of the outermost object: clients write it among the first keys or as the last one. Elsewhere it is not looked for. */
function idIn(head: string, tail: string): string | number | undefined {
  const found =
    /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?(?:"method"\s*:\s*"[\w/]+"\s*,\s*)?"id"\s*:\s*(\d{1,15}|"[^"\\]{1,100}")\s*,/.exec(
      head,
    ) ?? /,\s*"id"\s*:\s*(\d{1,15}|"[^"\\]{1,100}")\s*\}\s*$/.exec(tail)
  return found?.[1] === undefined ? undefined : (JSON.parse(found[1]) as string | number)
}
