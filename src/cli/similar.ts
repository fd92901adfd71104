/** A hint with the words that a mistyped word may mean. */
import { nearWords } from "../core/model/near-words.ts";

/** A hint with the words that are as near as any, when some are near. */
export function similar(word: string, known: readonly string[]): string | undefined {
  const found = nearWords(word, known).toSorted();
  if (found.length === 0) return undefined;
  return found.length === 1
    ? `Did you mean ${found[0]}?`
    : `Did you mean one of ${found.join(", ")}?`;
}
