/** What a mistyped word may have meant. */
import { wordDistance } from "../core/model/word-distance.ts";

const furthest = 3;

/** A hint with the words that are as near as any, when some are near; `--` of an option does not count. */
export function similar(word: string, known: readonly string[]): string | undefined {
  const bare = (text: string) => text.replace(/^--/, "");
  const near = [...new Set(known)]
    .map((candidate) => ({ candidate, distance: wordDistance(bare(word), bare(candidate)) }))
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
