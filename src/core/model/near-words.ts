/** Suggests the words that a mistyped one may have meant. */
import { wordDistance } from "./word-distance.ts";

const furthest = 3;

/** The words that are as near as any, in their order; none when none is near. `--` of an option does not count. */
export function nearWords(word: string, known: readonly string[]): readonly string[] {
  const bare = (text: string) => text.replace(/^--/, "");
  const near = [...new Set(known)]
    .map((candidate) => ({ candidate, distance: wordDistance(bare(word), bare(candidate)) }))
    .filter(({ candidate, distance }) => {
      const length = Math.max(bare(word).length, bare(candidate).length);
      return distance < furthest + 1 && (length - distance) / length > 0.4;
    });
  const least = Math.min(...near.map((one) => one.distance));
  return near.filter((one) => one.distance === least).map((one) => one.candidate);
}
