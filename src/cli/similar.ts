/** What a mistyped word may have meant. */

const furthest = 3;

/** A hint with the words that are as near as any, when some are near; `--` of an option does not count. */
export function similar(word: string, known: readonly string[]): string | undefined {
  const bare = (text: string) => text.replace(/^--/, "");
  const near = [...new Set(known)]
    .map((candidate) => ({ candidate, distance: distance(bare(word), bare(candidate)) }))
    .filter(({ candidate, distance }) => {
      const length = Math.max(bare(word).length, bare(candidate).length);
      return distance < furthest + 1 && (length - distance) / length > 0.4;
    });
  const least = Math.min(...near.map((one) => one.distance));
  const found = near
    .filter((one) => one.distance === least)
    .map((one) => one.candidate)
    .toSorted();
  if (found.length === 0) return undefined;
  return found.length === 1
    ? `Did you mean ${found[0]}?`
    : `Did you mean one of ${found.join(", ")}?`;
}

/** How many letters to add, leave out, change or swap with the next: https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + same);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j]!, rows[i - 2]![j - 2]! + 1);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
