/** All pages, each asked for after the last row of the one before. */
export function walk<Row, Last>(
  page: (last: Last | undefined) => { rows: Row[]; more: boolean },
  lastOf: (row: Row) => Last,
) {
  const pages: Row[][] = []
  for (let last: Last | undefined; ; ) {
    const { rows, more } = page(last)
    pages.push(rows)
    const end = rows.at(-1)
    if (!more || end === undefined) return pages
    last = lastOf(end)
  }
}
