/** Endpoint groups, tiers and so on that totals name one by one; the rest are counted. */
const groupsNamed = 10

/** How many rows share each value, the most first, as `12 of tier 2`. A row without the value is not counted. */
export function tally<Row>(
  rows: readonly Row[],
  name: string,
  value: (row: Row) => string | number | undefined,
): string[] {
  const counted = new Map<string, number>()
  for (const row of rows) {
    const key = value(row)
    if (key !== undefined) counted.set(String(key), (counted.get(String(key)) ?? 0) + 1)
  }
  const groups = [...counted].sort((a, b) => b[1] - a[1])
  const named = groups.slice(0, groupsNamed).map(([key, count]) => `${count} ${name} ${key}`)
  const rest = groups.slice(groupsNamed)
  const left = rest.reduce((sum, [, count]) => sum + count, 0)
  return left > 0 ? [...named, `${left} ${name} one of ${rest.length} others`] : named
}
