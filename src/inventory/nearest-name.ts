// Which known name someone meant: optimal string alignment distance (Damerau-Levenshtein without
// overlapping transpositions), letter case ignored, as the spelling suggestions of compilers do.

/** The nearest of `names`, or undefined when none is near: half of its letters, and two in a short one, may differ. */
export function nearestName(name: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 2)) + 1;
  for (const candidate of names) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    // Two names of three letters that share none are not near each other.
    if (distance < bestDistance && distance < Math.max(name.length, candidate.length)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 64 || a.length > 256) return Infinity;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const replaced = cell(last, column - 1) + (same ? 0 : 1);
      const exchanged = swapped ? cell(beforeLast, column - 2) + 1 : Infinity;
      line[column] = Math.min(cell(last, column) + 1, cell(line, column - 1) + 1, replaced, exchanged);
    }
    beforeLast = last;
    last = line;
  }
  return cell(last, b.length);
}

function cell(line: readonly number[], column: number): number {
  return line[column] ?? Infinity;
}
