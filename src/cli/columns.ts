// Rows of words as lines with aligned columns: every table that the program prints for people.

/** Lines without trailing blanks; the first row says how many columns there are, `numbers` which of them stand to the right. */
export function inColumns(rows: readonly (readonly string[])[], numbers: readonly number[] = []): string[] {
  const widths = (rows[0] ?? []).map((_, column) => rows.reduce((widest, row) => Math.max(widest, (row[column] ?? '').length), 0));
  const padded = (cell: string, column: number): string => (numbers.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0));
  return rows.map((row) => row.map(padded).join('  ').trimEnd());
}
