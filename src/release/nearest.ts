/** The words that a mistyped one may have meant: those that start alike, or all of them. */
export function nearest(word: string, known: readonly string[]): readonly string[] {
  const start = word.slice(0, 3).toLowerCase();
  const alike = known.filter((other) => other.toLowerCase().startsWith(start));
  return alike.length > 0 ? alike : known;
}
