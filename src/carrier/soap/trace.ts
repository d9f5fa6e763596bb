/**
 * The record at hand as it came, for showing it where it cannot be read. Noting an element costs next to nothing, since
 * every record of an answer is noted and hardly one is shown.
 */
export interface Trace {
  /** A record begins: what was noted before is forgotten. */
  begin(): void
  note(name: string, text: string): void
  /** The record as XML: whole where it is short, else its first element and the one that cannot be read. */
  xml(record: string, odd: string | undefined): string
}

/** @param shown makes an element's text fit to be shown, before it is escaped and cut */
export function trace(shown: Shown): Trace {
  const names: string[] = []
  const texts: string[] = []
  let noted = 0
  return {
    begin() {
      noted = 0
    },
    note(name, text) {
      if (noted === mostNoted) return
      names[noted] = name
      texts[noted] = text
      noted++
    },
    xml(record, odd) {
      const all = names.slice(0, noted).map((name, index) => element(name, texts[index] ?? '', shown))
      const whole = `<${record}>${all.join('')}</${record}>`
      const at = odd === undefined ? -1 : names.lastIndexOf(odd, noted - 1)
      if (whole.length <= mostShown || at < 1) return whole.slice(0, mostKept)
      return `<${record}>${all[0] ?? ''}…${all[at] ?? ''}…</${record}>`.slice(0, mostKept)
    },
  }
}

export type Shown = (text: string) => string

/** One element as XML, its text cut. */
export function element(name: string, text: string, shown: Shown): string {
  const fit = shown(text.slice(0, mostRead)).slice(0, mostShown)
  const escaped = fit.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<${name}>${escaped}</${name}>`
}

const mostNoted = 64

/** Characters of a text that are looked at: no spelling of a secret that begins in what is shown is longer. */
const mostRead = 2_000

/** Characters of a record that are shown. */
const mostShown = 200

/** Beyond what is shown, so that whoever cuts it sees that there is more. */
const mostKept = 1_000
