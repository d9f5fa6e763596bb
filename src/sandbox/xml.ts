/** One element of an answer; keys in wire order. `null` is written `xsi:nil`, an absent key is an absent element. */
export interface ElementRow {
  [element: string]: string | number | boolean | null | ElementRow | ElementRow[]
}

/** A flat row as text, for answers too large to be made in one piece. */
export function toXml(element: string, row: ElementRow): string {
  let xml = `<${element}>`
  for (const name in row) {
    const value = row[name]
    xml += value === '' ? `<${name}/>` : `<${name}>${typeof value === 'string' ? escapeXml(value) : value}</${name}>`
  }
  return `${xml}</${element}>`
}

export function escapeXml(text: string): string {
  return /[&<>]/.test(text) ? text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;') : text
}
